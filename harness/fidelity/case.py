"""A case: something that can be called with its operands on any devices."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One sample of an operator, or one program.

    `operands` spell what can be moved, in order; `call(devices)` puts the i-th of them on `devices[i]`,
    runs, and returns whatever comes out. `strays` is False where it is asked on the device alone.
    """

    operands: tuple[str, ...]
    call: Callable[[Sequence[str]], Any]
    dtype: str = ""
    sample: int = 0
    strays: bool = True

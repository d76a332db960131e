"""A target: the recipe for a model under test and for what to feed it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A recipe, never an instance, so that every cell starts from a fresh model.

    `build()` returns a new `torch.nn.Module` on the CPU. `inputs()` returns fresh arguments: a
    `dict` is passed as keywords, a `tuple` as positions, anything else as the only argument.
    `inputs` is None where nobody has said what to feed. `address` is the TARGET string and the `--inputs` string
    (or None) by which another process finds the same; None where only this process has it.
    """

    name: str
    build: Callable[[], Any]
    inputs: Callable[[], Any] | None = None
    address: tuple[str, str | None] | None = None

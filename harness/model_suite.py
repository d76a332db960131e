"""A model suite: every check of one model, as tests of a test module."""

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ModelSuite:
    """Every check that applies to one model, on every device: pytest makes a test of each.

    `suite = ModelSuite(Net, inputs=inputs)` in a test module is all; the name of the variable is free. `target`,
    `inputs`, `devices` and `checks` are those of `samedevice.check`. `pytest --devices cpu,cuda` narrows the devices.
    A test fails for a finding (error or warning) or a crash, and is skipped with the reason where nothing was checked.
    """

    target: Any
    _: KW_ONLY
    inputs: Any = None
    devices: Iterable[str] | None = None
    checks: Iterable[str] | None = None

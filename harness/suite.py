"""A suite: targets that belong together and the checks to run on each."""

from collections.abc import Callable
from dataclasses import dataclass

from .check import Check
from .target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """What `samedevice run NAME` runs. `targets` is called late, since it imports torch.

    `planted` is the name of the suite that plants a stray tensor in each of these targets, for `--plant`. `is_shared`
    is True where the targets share what is costly to start, such as a server: one worker asks them all then.
    """

    name: str
    title: str
    targets: Callable[[], tuple[Target, ...]]
    checks: tuple[Check, ...]
    planted: str | None = None
    is_shared: bool = False

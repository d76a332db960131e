"""The plan: which cells a run consists of."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from .check import Check
from .device import Device
from .errors import UsageError
from .suggestion import listed
from .suite import Suite
from .target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One question asked of one target on one device.

    `suite` is the suite it belongs to, if any, and `is_shared` is that suite's. `optional` is True where nobody asked
    for the check by name: it leaves no result then where it does not apply.
    """

    target: Target
    device: Device
    check: Check
    suite: str | None = None
    optional: bool = False
    is_shared: bool = False


def grid(
    targets: Iterable[Target],
    devices: Iterable[Device],
    checks: Iterable[Check],
    *,
    suite: str | None = None,
    optional: bool = False,
) -> tuple[Cell, ...]:
    """Every target on every device under every check, in this order of slowness."""
    devices, checks = tuple(devices), tuple(checks)
    return tuple(
        Cell(target=target, device=device, check=check, suite=suite, optional=optional)
        for target in targets
        for device in devices
        for check in checks
    )


def of_suites(
    suites: Iterable[Suite],
    devices: Iterable[Device],
    *,
    targets: tuple[str, ...] = (),
    checks: tuple[str, ...] = (),
) -> tuple[Cell, ...]:
    """The cells of several suites, narrowed by patterns of target names and by names of checks.

    Raises `UsageError` for a pattern or name that picks nothing in any of the suites.
    """
    suites = tuple(suites)
    made = {suite.name: suite.targets() for suite in suites}
    _refuse_idle(targets, [target.name for group in made.values() for target in group], "target")
    _refuse_idle(checks, [check.name for suite in suites for check in suite.checks], "check")
    cells: list[Cell] = []
    for suite in suites:
        wanted = [target for target in made[suite.name] if _is_picked(target.name, targets)]
        asked = [check for check in suite.checks if _is_picked(check.name, checks)]
        planned = grid(wanted, devices, asked, suite=suite.name, optional=not checks)
        cells += (replace(cell, is_shared=suite.is_shared) for cell in planned)
    return tuple(cells)


def _is_picked(name: str, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)


def _refuse_idle(patterns: tuple[str, ...], names: list[str], noun: str) -> None:
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise UsageError(f"no {noun} matches {pattern!r}{listed(pattern, names)}")

"""Exit codes: what each run of the command line ends with."""

from enum import IntEnum

from ..blame import OURS
from ..devices import is_required_met
from ..report import Report
from ..result import Status

# The reason of the cells that Ctrl-C left over.
INTERRUPTED = "interrupted before its turn"


class Exit(IntEnum):
    """The codes, as in `samedevice --help`."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    INTERNAL = 3
    NOT_CHECKED = 4


def exit_of(report: Report, required: tuple[str, ...] = (), missing: tuple[str, ...] = ()) -> Exit:
    """The code of a finished run.

    A finding (error or warning) or a target that crashed comes first, then a defect of ours, then
    what was required and not checked, that nothing was checked at all, or what is `missing`.
    """
    broken = [cell for cell in report.cells if cell.status is Status.ERROR]
    ours = [cell for cell in broken if (cell.reason or "").startswith(OURS)]
    if len(broken) > len(ours) or any(cell.has_problem for cell in report.cells):
        return Exit.FINDINGS
    if ours:
        return Exit.INTERNAL
    return Exit.NOT_CHECKED if missing or unmet(report, required) else Exit.CLEAN


def unmet(report: Report, required: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What should have been checked and was not, in words; empty where all was."""
    checked = [cell.device for cell in report.cells if cell.status is not Status.NOT_CHECKED]
    if not checked and not _is_empty_shard(report):
        return ("nothing was checked",)
    if any(cell.reason == INTERRUPTED for cell in report.cells):
        return ("interrupted",)
    return tuple(f"{word} was required and not checked" for word in required if not is_required_met(word, checked))


def _is_empty_shard(report: Report) -> bool:
    """True for a part of a plan that has more parts than targets: it had nothing to check."""
    return bool(report.shards) and not report.cells

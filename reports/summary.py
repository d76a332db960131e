"""The one line that says what a run came to, and the reasons for what it did not check."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..harness.finding import Severity
from ..harness.report import Report
from ..harness.result import Result, Status
from .findings import group
from .grid import WORST_FIRST, name
from .scores import grouped
from .suppressed import suppressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """Cells that are neither pass nor fail for the same `reason`."""

    status: Status
    reason: str
    cells: tuple[Result, ...]


def unsettled(cells: Iterable[Result]) -> tuple[Unsettled, ...]:
    """The cells that broke or were not checked, by reason."""
    open_ends = [cell for cell in cells if cell.status in (Status.ERROR, Status.NOT_CHECKED)]
    by_reason = grouped(open_ends, lambda cell: (cell.status, cell.reason or "no reason was given"))
    return tuple(
        Unsettled(status=status, reason=reason, cells=members) for (status, reason), members in by_reason.items()
    )


def trust(report: Report) -> str:
    """How far the rules of the virtual devices were seen on hardware, kind by kind; empty where nobody counted."""
    said = []
    for kind, cells in grouped((cell for cell in report.cells if cell.device.virtual), lambda c: c.device.kind).items():
        measured = [{measure.name: measure.value for measure in cell.measures} for cell in cells]
        counted = [numbers for numbers in measured if {"operators", "derived_operators"} <= numbers.keys()]
        if not counted:
            continue
        worst = max(counted, key=lambda numbers: numbers["derived_operators"])
        derived, operators = int(worst["derived_operators"]), int(worst["operators"])
        if derived:
            said.append(f"on {kind}, up to {derived} of the {operators} operators of a cell follow derived rules")
        else:
            said.append(f"on {kind}, every operator's rule was confirmed on a GPU")
    return "; ".join(said)


def verdict(report: Report) -> str:
    """One line: how many cells, how they ended, on what kind of device, with how many different findings."""
    part = f" Shard {', '.join(shard.name for shard in report.shards)} alone." if report.shards else ""
    if not report.cells:
        return f"Nothing was run.{part}"
    summary = report.summary
    ends = ", ".join(f"{summary[status]} {name(status)}" for status in WORST_FIRST if summary[status])
    virtual = sum(cell.device.virtual for cell in report.cells)
    kinds = {"real": len(report.cells) - virtual, "virtual": virtual}
    where = ", ".join(f"{count} {kind}" for kind, count in kinds.items() if count)
    found = _findings(report) + _suppressed(report)
    return f"{_head(report)}: {_count(len(report.cells), 'cell')} ({where}): {ends}; {found}.{part}"


def _head(report: Report) -> str:
    summary = report.summary
    if summary[Status.ERROR]:
        return "BROKEN"
    if summary[Status.FAIL]:
        return "FAILED"
    if any(cell.has_problem for cell in report.cells):
        return "WARNED"
    return "INCOMPLETE" if summary[Status.NOT_CHECKED] else "CLEAN"


def _findings(report: Report) -> str:
    groups = group(report.cells)
    if not groups:
        return "no findings"
    graves = [(severity, sum(each.severity is severity for each in groups)) for severity in Severity]
    return "findings: " + ", ".join(_count(number, severity.value) for severity, number in graves if number)


def _suppressed(report: Report) -> str:
    accepted = suppressed(report.cells)
    return f"; {len(accepted)} suppressed" if accepted else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

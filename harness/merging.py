"""Merging: one report of several, of shards or of runs on other machines."""

from collections.abc import Iterable
from dataclasses import fields

from .environment import Environment
from .report import Report
from .result import Result, Status
from .shard import is_whole
from .suppressing import CHECK as SUPPRESSIONS
from .suppressing import reconciled, united


def merged(reports: Iterable[Report]) -> Report:
    """One report of several, in their order.

    Of a cell that is in two of them, the last that was checked counts: one that was not checked, by a run that was
    interrupted perhaps, never takes the place of one that was. Where environments differ, each of the differing
    entries says all that there are. A suppression that one of them has used is stale in none. The report is of
    `shards` until all of their plan are there.
    """
    reports = tuple(reports)
    cells: dict[object, Result] = {}
    for cell in (cell for report in reports for cell in report.cells):
        key = (cell.suite, cell.target, cell.device, cell.check)
        if cell.check == SUPPRESSIONS and key in cells:
            cells[key] = united(cells[key], cell)
        elif key not in cells or cell.status is not Status.NOT_CHECKED or cells[key].status is Status.NOT_CHECKED:
            cells[key] = cell
    shards = tuple(dict.fromkeys(shard for report in reports for shard in report.shards))
    return Report(
        environment=_joined([report.environment for report in reports]),
        cells=reconciled(cells.values()),
        shards=() if is_whole(shards) else shards,
    )


def differing(reports: Iterable[Report]) -> tuple[str, ...]:
    """The names of what differs between the environments of reports, such as `torch`."""
    environments = [report.environment for report in reports]
    return tuple(
        field.name
        for field in fields(Environment)
        if len({getattr(environment, field.name) for environment in environments}) > 1
    )


def _joined(environments: list[Environment]) -> Environment:
    values = {
        field.name: tuple(dict.fromkeys(getattr(environment, field.name) for environment in environments))
        for field in fields(Environment)
    }
    return Environment(
        **{
            name: found[0] if len(found) == 1 else " and ".join(one or "unknown" for one in found)
            for name, found in values.items()
        }
    )

"""The matrix of statuses: a row for each target (or check), a column for each device."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ..harness.device import Device
from ..harness.result import Result, Status

# What a reader must see first stands first.
WORST_FIRST = (Status.ERROR, Status.FAIL, Status.NOT_CHECKED, Status.PASS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """`counts[row][column]` says how many cells came to which status; empty where nothing was run."""

    axis: str
    rows: tuple[str, ...]
    devices: tuple[Device, ...]
    counts: tuple[tuple[Counter[Status], ...], ...]


def grid(cells: Iterable[Result]) -> Grid:
    """Target x device, or check x device where there is one target only."""
    cells = tuple(cells)
    targets = tuple(dict.fromkeys(cell.target for cell in cells))
    checks = tuple(dict.fromkeys(cell.check for cell in cells))
    axis, rows = ("check", checks) if len(targets) == 1 else ("target", targets)
    devices = tuple(dict.fromkeys(cell.device for cell in cells))
    place: dict[tuple[str, Device], Counter[Status]] = {(row, device): Counter() for row in rows for device in devices}
    for cell in cells:
        place[cell.check if axis == "check" else cell.target, cell.device][cell.status] += 1
    counts = tuple(tuple(place[row, device] for device in devices) for row in rows)
    return Grid(axis=axis, rows=rows, devices=devices, counts=counts)


def worst_first(matrix: Grid) -> Grid:
    """The same rows, those with the gravest statuses and the most of them first, else in their order."""

    def gravity(at: int) -> tuple[int, ...]:
        counts = sum(matrix.counts[at], Counter[Status]())
        return tuple(-counts[status] for status in WORST_FIRST[:-1])

    return _picked(matrix, sorted(range(len(matrix.rows)), key=gravity))


def cut(matrix: Grid, rows: int) -> tuple[Grid, Grid]:
    """The first rows, and the others."""
    return _picked(matrix, range(rows)), _picked(matrix, range(rows, len(matrix.rows)))


def total(matrix: Grid) -> Counter[Status]:
    """All cells of the matrix by status."""
    return sum((counts for row in matrix.counts for counts in row), Counter[Status]())


def _picked(matrix: Grid, order: Iterable[int]) -> Grid:
    order = tuple(order)
    return Grid(
        axis=matrix.axis,
        rows=tuple(matrix.rows[at] for at in order),
        devices=matrix.devices,
        counts=tuple(matrix.counts[at] for at in order),
    )


def words(counts: Counter[Status]) -> str:
    """One entry in words: `pass`, or `1 fail, 6 pass` where several cells share the place.

    A cell that was not checked is never part of a pass.
    """
    present = [status for status in WORST_FIRST if counts[status]]
    if not present:
        return "-"
    if counts.total() == 1:
        return name(present[0])
    return ", ".join(f"{counts[status]} {name(status)}" for status in present)


def name(status: Status) -> str:
    """The status as a reader says it: `not checked`, not `not-checked`."""
    return status.value.replace("-", " ")

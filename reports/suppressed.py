"""The same suppressed finding in many cells is one, with the list of where it was met."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..harness.result import Result
from ..harness.suppression import Suppressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One accepted defect: its first report, and the cells that met it."""

    first: Suppressed
    seen: tuple[Result, ...]


def suppressed(cells: Iterable[Result]) -> tuple[Accepted, ...]:
    """What is accepted in all cells, each once: the same if code, subject and the line that accepts it are."""
    met: dict[object, tuple[Suppressed, dict[Result, None]]] = {}
    for cell in cells:
        for one in cell.suppressed:
            met.setdefault((one.finding.code, one.finding.subject, one.place), (one, {}))[1][cell] = None
    return tuple(Accepted(first=first, seen=tuple(seen)) for first, seen in met.values())

"""Suppressions over several reports: what one shard of a run has used is stale in none."""

from collections.abc import Iterable
from dataclasses import replace

from ..finding import Location
from ..result import Result, Status
from .applying import CHECK


def reconciled(cells: Iterable[Result]) -> tuple[Result, ...]:
    """The cells of several runs, without the findings about stale suppressions that another run has used."""
    cells = tuple(cells)
    used = {(one.place, one.finding.code) for cell in cells for one in cell.suppressed}
    settled = (_left(cell, used) if cell.check == CHECK else cell for cell in cells)
    return tuple(cell for cell in settled if cell.check != CHECK or cell.findings)


def united(first: Result, second: Result) -> Result:
    """The findings about the suppressions of one target from two runs."""
    findings = tuple(dict.fromkeys((*first.findings, *second.findings)))
    return replace(second, findings=findings, status=max(first.status, second.status, key=tuple(Status).index))


def _left(cell: Result, used: set[tuple[Location, str]]) -> Result:
    stale = [one for one in cell.findings if one.code == "SD901" and (one.origin, one.subject) in used]
    return replace(cell, findings=tuple(one for one in cell.findings if one not in stale))

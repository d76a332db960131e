"""The devices that a run was fine on as a badge: the JSON that an endpoint of shields.io answers with."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ...harness.report import Report
from ...harness.result import Result, Status
from ..scores import grouped
from .escape import line

LABEL = "devices"


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """How a device came out: what is said behind its name, and the colour of a badge that has none worse."""

    words: str
    color: str


# The gravest first: the worst of a badge's devices gives it its colour.
_FAILS = _State(words="fails", color="red")
_WARNS = _State(words="warns", color="yellow")
_UNCHECKED = _State(words="not checked", color="lightgrey")
_PARTLY = _State(words="partly checked", color="yellowgreen")
_VIRTUAL = _State(words="", color="green")
_FINE = _State(words="", color="brightgreen")
_WORST_FIRST = (_FAILS, _WARNS, _UNCHECKED, _PARTLY, _VIRTUAL, _FINE)


def render(report: Report) -> str:
    """JSON text with a newline: `cpu, cuda (virtual)`. A device that fails, or was not wholly checked, says so."""
    by_device = grouped(report.cells, lambda cell: (cell.device.kind, cell.device.virtual))
    states = {device: _state(cells) for device, cells in by_device.items()}
    worst = min(states.values(), key=_WORST_FIRST.index, default=_UNCHECKED)
    badge = {
        "schemaVersion": 1,
        "label": LABEL,
        "message": ", ".join(_said(*device, state) for device, state in states.items()) or "nothing was run",
        "color": worst.color,
        # shields.io then lets no one recolour it.
        **({"isError": True} if worst is _FAILS else {}),
    }
    return json.dumps(badge, indent=2) + "\n"


def _state(cells: Sequence[Result]) -> _State:
    statuses = {cell.status for cell in cells}
    if statuses & {Status.FAIL, Status.ERROR}:
        return _FAILS
    if any(cell.has_problem for cell in cells):
        return _WARNS
    if Status.PASS not in statuses:
        return _UNCHECKED
    if Status.NOT_CHECKED in statuses:
        return _PARTLY
    return _VIRTUAL if cells[0].device.virtual else _FINE


def _said(kind: str, virtual: bool, state: _State) -> str:
    asides = [word for word in ("virtual" if virtual else "", state.words) if word]
    return line(kind) + (f" ({', '.join(asides)})" if asides else "")

"""The report as the page's script reads it: names once, cells as rows of indices into them."""

import json
from collections.abc import Sequence
from math import isfinite
from typing import Any

from ....harness.codes import CODES
from ....harness.measure import Measure
from ....harness.page import page
from ....harness.report import Report
from ....harness.result import Result, Status
from ...findings import Group, group
from .. import figures
from ..artifact import repository
from ..escape import line, lines
from .excerpts import Excerpts

# Wordings of one finding that are shown; most of the others differ from these in their numbers alone.
MESSAGES = 3
STATUSES = tuple(Status)
_NAMES = ("suites", "targets", "devices", "checks", "reasons", "measures")


def data(report: Report) -> dict[str, Any]:
    """Everything that the page shows of cells and findings, as plain values; every text is harmless already."""
    cells = report.cells
    groups = group(cells)
    met: dict[Result, list[tuple[int, int]]] = {cell: [] for cell in cells}
    for at, entry in enumerate(groups):
        for cell in entry.seen:
            met[cell].append((at, _wording(entry, cell)))
    seen: list[list[int]] = [[] for _ in groups]
    for at, cell in enumerate(cells):
        for found, _ in met[cell]:
            seen[found].append(at)
    names: dict[str, dict[str, int]] = {key: {} for key in _NAMES}
    excerpts = Excerpts(repository())
    rows = [_cell(cell, met[cell], names) for cell in cells]
    findings = [_finding(entry, places, excerpts) for entry, places in zip(groups, seen, strict=True)]
    codes = dict.fromkeys(entry.finding.code for entry in groups if entry.finding.code in CODES)
    return {
        "statuses": [status.value for status in STATUSES],
        **{key: list(index) for key, index in names.items()},
        "cells": rows,
        "findings": findings,
        "places": excerpts.table,
        "pages": {code: page(code) for code in codes},
    }


def script_text(values: Any) -> str:
    """JSON that cannot leave its `<script>`: ASCII, without `<`, `>` and `&`."""
    packed = json.dumps(values, separators=(",", ":"), allow_nan=False)
    return packed.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _wording(entry: Group, cell: Result) -> int:
    """Which of the messages is that of this cell."""
    one = entry.finding
    its = (f for f in cell.findings if (f.code, f.subject, f.origin) == (one.code, one.subject, one.origin))
    return next(entry.messages.index(finding.message) for finding in its if finding.message in entry.messages)


def _cell(cell: Result, found: Sequence[tuple[int, int]], names: dict[str, dict[str, int]]) -> list[Any]:
    def at(key: str, name: str) -> int:
        return names[key].setdefault(name, len(names[key]))

    return [
        at("suites", line(cell.suite or "")),
        at("targets", line(cell.target)),
        at("devices", f"{line(cell.device.name)} ({cell.device.reality})"),
        at("checks", line(cell.check)),
        STATUSES.index(cell.status),
        at("reasons", _reason(cell)),
        figures.duration(cell.seconds) if isfinite(cell.seconds) else "-",
        list(found),
        [[at("measures", line(one.name)), _figure(one)] for one in cell.measures],
    ]


def _reason(cell: Result) -> str:
    is_open = cell.status in (Status.ERROR, Status.NOT_CHECKED)
    return lines(cell.reason or ("no reason was given" if is_open else ""))


def _figure(one: Measure) -> str:
    if one.of is None:
        return figures.measure(one.name, one.value)
    return figures.rate(one.value, one.of) if 0 <= one.value <= one.of else f"{one.value:g}/{one.of}"


def _finding(entry: Group, seen: list[int], excerpts: Excerpts) -> dict[str, Any]:
    finding = entry.finding
    told = {
        "code": line(finding.code),
        "title": CODES.get(finding.code, ""),
        "severity": entry.severity.value,
        "messages": [lines(message) for message in entry.messages[:MESSAGES]],
        "more": len(entry.messages[MESSAGES:]),
        "subject": line(finding.subject or ""),
        "op": line(finding.op or ""),
        "hint": lines(finding.hint or ""),
        "origin": excerpts.at(finding.origin),
        "use": excerpts.at(finding.use) if finding.use != finding.origin else None,
        "cells": seen,
    }
    return {name: value for name, value in told.items() if value not in ("", None)}

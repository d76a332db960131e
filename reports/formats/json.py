"""The report as JSON, schema `samedevice/1`: for other programs, complete and in a fixed order."""

import json
from dataclasses import asdict
from math import isfinite
from typing import Any

from ...harness.device import Device
from ...harness.finding import Finding, Location
from ...harness.listing import Listing
from ...harness.measure import Measure
from ...harness.report import SCHEMA, Report
from ...harness.result import Result, Status
from ...harness.suppression import Suppressed


def render(report: Report) -> str:
    """JSON text, indented, ASCII, with a newline at the end; valid under `reports/schema.json`."""
    return json.dumps(data(report), indent=2, allow_nan=False) + "\n"


def data(report: Report) -> dict[str, Any]:
    """The report as dicts, lists, text and numbers, keys in the order of the contract."""
    return {
        "schema": SCHEMA,
        "environment": asdict(report.environment),
        **({"shards": [asdict(shard) for shard in report.shards]} if report.shards else {}),
        "cells": [_cell(cell) for cell in report.cells],
        "summary": {status.value: count for status, count in report.summary.items()},
    }


def _cell(cell: Result) -> dict[str, Any]:
    return {
        **({} if cell.suite is None else {"suite": cell.suite}),
        "target": cell.target,
        "device": _device(cell.device),
        "check": cell.check,
        "status": cell.status.value,
        **_reason(cell),
        "seconds": _number(cell.seconds),
        "measures": _measures(cell.measures),
        "findings": [finding(one) for one in cell.findings],
        **({"suppressed": [_suppressed(one) for one in cell.suppressed]} if cell.suppressed else {}),
        **({} if cell.listing is None else {"listing": _listing(cell.listing)}),
    }


def _listing(listing: Listing) -> dict[str, Any]:
    return {"title": listing.title, "headers": list(listing.headers), "rows": [list(row) for row in listing.rows]}


def _reason(cell: Result) -> dict[str, str]:
    if cell.reason is not None:
        return {"reason": cell.reason}
    return {"reason": "no reason was given"} if cell.status is Status.NOT_CHECKED else {}


def _device(device: Device) -> dict[str, str]:
    return {"name": device.name, "kind": device.reality}


def _measures(measures: tuple[Measure, ...]) -> dict[str, float | None]:
    flat: dict[str, float | None] = {}
    for measure in measures:
        flat[measure.name] = _number(measure.value)
        if measure.of is not None:
            flat[f"{measure.name}_of"] = measure.of
    return flat


def _number(value: float) -> float | None:
    """Counts as integers; None (`null`) for what JSON has no number for."""
    if not isfinite(value):
        return None
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else value


def finding(one: Finding) -> dict[str, Any]:
    """One finding, its keys in the order of the contract."""
    return {
        "code": one.code,
        "severity": one.severity.value,
        "message": one.message,
        "subject": one.subject,
        "op": one.op,
        "origin": _location(one.origin),
        "use": _location(one.use),
        "hint": one.hint,
    }


def _suppressed(one: Suppressed) -> dict[str, Any]:
    return {"finding": finding(one.finding), "reason": one.reason, "place": _location(one.place)}


def _location(location: Location | None) -> dict[str, Any] | None:
    return None if location is None else {"file": location.file, "line": location.line}

"""What the gate found, as JSON: for other programs."""

import json
from dataclasses import asdict
from typing import Any

from ...harness.gate import Comparison, Judged
from ..formats import json as report_json

SCHEMA = "samedevice-gate/1"


def render(comparison: Comparison) -> str:
    """JSON text with a newline at the end: every cell, worst first."""
    data = {
        "schema": SCHEMA,
        "baseline": comparison.baseline,
        "fail_level": comparison.level.value,
        "fails": comparison.is_broken,
        "open": comparison.is_open,
        "counts": {state.value: count for state, count in comparison.counts.items()},
        "update": comparison.update,
        "overheads": [asdict(one) | {"holds": one.holds} for one in comparison.overheads],
        "cells": [_cell(one) for one in comparison.judged],
    }
    return json.dumps(data, indent=2, allow_nan=False) + "\n"


def _cell(one: Judged) -> dict[str, Any]:
    said: dict[str, Any] = {
        "findings": [report_json.finding(finding) for finding in one.new],
        "crash": one.crash,
        "gone": [asdict(flaw) for flaw in one.gone],
        "said": one.said,
    }
    return asdict(one.key) | {"state": one.state.value, "holds": one.holds} | {k: v for k, v in said.items() if v}

"""The log: one run of one tool, with its rules, results, and what it did not check."""

import json
from typing import Any

from ....harness.environment import Environment
from ....harness.report import Report
from ....harness.result import Status
from ...findings import group
from ...summary import Unsettled, trust, unsettled, verdict
from ..artifact import PACKAGES, REPOSITORY
from ..escape import line
from ..said import cell, where
from ..text import VIRTUAL
from .message import message
from .results import MOST, results
from .rules import rules

VERSION = "2.1.0"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BASES = {
    REPOSITORY: "The root of the repository that was checked.",
    PACKAGES: "The folder that installed packages lie in.",
}


def render(report: Report) -> str:
    """SARIF text, ASCII, with a newline at the end; valid under the schema of OASIS."""
    log = {"version": VERSION, "$schema": SCHEMA, "runs": [_run(report)]}
    return json.dumps(log, indent=1, allow_nan=False) + "\n"


def _run(report: Report) -> dict[str, Any]:
    groups = group(report.cells)
    shown = groups[:MOST]
    known = rules(shown)
    return {
        "tool": {"driver": {"name": "samedevice", **_version(report.environment), "rules": list(known.values())}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {base: {"description": message(text)} for base, text in _BASES.items()},
        "invocations": [_invocation(report, left_out=len(groups) - len(shown))],
        "results": results(shown, list(known)),
        "properties": _properties(report),
    }


def _version(environment: Environment) -> dict[str, str]:
    return {} if environment.samedevice is None else {"version": environment.samedevice}


def _invocation(report: Report, left_out: int) -> dict[str, Any]:
    """What was not checked is said here: a result would say that something was found."""
    told = [_notification(entry) for entry in unsettled(report.cells)]
    if left_out:
        text = f"{left_out} findings are left out: code scanning takes {MOST} of a run"
        told.append({"level": "warning", "message": message(text)})
    if any(one.device.virtual for one in report.cells):
        text = "; ".join(filter(None, (VIRTUAL, trust(report))))
        told.append({"level": "note", "message": message(text)})
    broke = any(one.status is Status.ERROR for one in report.cells)
    return {"executionSuccessful": not broke, "toolExecutionNotifications": told}


def _notification(entry: Unsettled) -> dict[str, Any]:
    first, more = cell(entry.cells[0]), len(entry.cells) - 1
    broke = entry.status is Status.ERROR
    text = f"{'broke' if broke else 'not checked'}: {first}{f' and {more} more' if more else ''}: {line(entry.reason)}"
    return {"level": "error" if broke else "warning", "message": message(text)}


def _properties(report: Report) -> dict[str, Any]:
    environment = report.environment
    return {
        "verdict": line(verdict(report)),
        "devices": list(dict.fromkeys(where(one.device) for one in report.cells)),
        "cells": {status.value: count for status, count in report.summary.items()},
        "environment": {
            name: line(value)
            for name in ("torch", "transformers", "python", "platform", "git")
            if (value := getattr(environment, name)) is not None
        },
    }

import json
import math

import pytest

from samedevice.harness.device import Device
from samedevice.harness.environment import Environment
from samedevice.harness.errors import UsageError
from samedevice.harness.finding import Finding, Location, Severity
from samedevice.harness.measure import Measure
from samedevice.harness.reading import report_from_json
from samedevice.harness.report import Report
from samedevice.harness.result import Result, Status
from samedevice.harness.shard import Shard
from samedevice.harness.suppression import Suppressed

CELL = {
    "target": "models.positions:rope",
    "device": {"name": "cuda:1", "kind": "virtual"},
    "check": "forward",
    "status": "fail",
    "seconds": 0.5,
    "measures": {"copies_to_host": 0, "passed": 19, "passed_of": 20, "loss": None},
    "findings": [
        {
            "code": "SD201",
            "severity": "error",
            "message": "m",
            "subject": "scheduler.alphas",
            "op": "aten::index_select",
            "origin": {"file": "corruption.py", "line": 42},
            "use": None,
            "hint": "h",
        }
    ],
}
REPORT = {
    "schema": "samedevice/1",
    "environment": {
        "samedevice": "0.1.0",
        "torch": "2.13.0",
        "transformers": None,
        "python": "3.11.7",
        "platform": "p",
    },
    "cells": [CELL],
    "summary": {"pass": 0, "fail": 1, "error": 0, "not-checked": 0},
}


def test_the_contracts_example():
    report = report_from_json(json.dumps(REPORT), "out.json")
    assert report.environment.torch == "2.13.0"
    (cell,) = report.cells
    assert (cell.target, cell.device) == ("models.positions:rope", Device(kind="cuda", index=1, virtual=True))
    assert (cell.check, cell.status, cell.seconds, cell.suite) == ("forward", Status.FAIL, 0.5, None)
    assert cell.measures[:2] == (Measure(name="copies_to_host", value=0), Measure(name="passed", value=19, of=20))
    assert math.isnan(cell.measures[2].value)
    assert cell.findings == (
        Finding(
            code="SD201",
            message="m",
            severity=Severity.ERROR,
            subject="scheduler.alphas",
            op="aten::index_select",
            origin=Location(file="corruption.py", line=42),
            hint="h",
        ),
    )


def _with(**changes):
    return {**REPORT, "cells": [{**CELL, **changes}]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "out.json is not a samedevice report: the whole is [], want dict"),
        ({"schema": "other/2"}, "out.json is not a samedevice report: schema is 'other/2', want 'samedevice/1'"),
        (
            _with(status="odd"),
            "out.json is not a samedevice report: cells[0].status is 'odd', which is none of the known",
        ),
        (_with(target=3), "out.json is not a samedevice report: cells[0].target is 3, want str"),
        (_with(seconds=True), "out.json is not a samedevice report: cells[0].seconds is True, want int | float"),
        (_with(findings=[{}]), "out.json is not a samedevice report: cells[0].findings[0].code is missing"),
        (_with(listing=[]), "out.json is not a samedevice report: cells[0].listing is [], want "),
        (
            _with(listing={"title": "t", "headers": ["a", 3], "rows": []}),
            "out.json is not a samedevice report: cells[0].listing.headers is 3, want str",
        ),
        (
            _with(listing={"title": "t", "headers": ["a"], "rows": [["b", "c"]]}),
            "out.json is not a samedevice report: cells[0].listing.rows has a row that does not have a cell for each",
        ),
        (
            _with(suppressed=[{"finding": {}}]),
            "out.json is not a samedevice report: cells[0].suppressed[0].place is miss",
        ),
        (_with(device={"name": "cuda:0", "kind": "x"}), "out.json is not a samedevice report: cells[0].device is "),
    ],
)
def test_wrong_reports_are_named_with_their_place(data, message):
    with pytest.raises(UsageError) as caught:
        report_from_json(json.dumps(data), "out.json")
    assert str(caught.value).startswith(message)


def test_no_json_at_all():
    with pytest.raises(UsageError, match=r"out\.json is not JSON: Expecting value: line 1 column 1"):
        report_from_json("", "out.json")


def test_what_is_written_is_read_back():
    environment = Environment(samedevice="1", torch="2", transformers=None, python="3", platform="p", git=None)
    flaw = Finding(code="SD301", message="w", severity=Severity.WARNING, use=Location(file="f", line=1))
    cell = Result(
        target="t",
        suite="math",
        device=Device(kind="cpu"),
        check="c",
        status=Status.NOT_CHECKED,
        reason="why",
        measures=(Measure(name="rate", value=3, of=4),),
        findings=(flaw,),
        suppressed=(Suppressed(finding=flaw, reason="tiny", place=Location(file="g", line=2)),),
    )
    report = Report(environment=environment, cells=(cell,))
    assert report_from_json(report.to_json(), "f") == report


def test_shards_are_read_back():
    environment = Environment(samedevice="1", torch="2", transformers=None, python="3", platform="p", git=None)
    report = Report(environment=environment, cells=(), shards=(Shard(index=2, count=4, cells=9, plan="p"),))
    assert report_from_json(report.to_json(), "f") == report


def test_a_shard_that_there_is_not():
    shard = {"index": 5, "count": 4, "cells": 9, "plan": "p"}
    with pytest.raises(UsageError, match=r"shards\[0\]\.index is 5, want a number from 1 to 4"):
        report_from_json(json.dumps({**REPORT, "shards": [shard]}), "f")

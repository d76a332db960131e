import copy
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from samedevice.harness.device import Device
from samedevice.harness.finding import Finding, Location
from samedevice.harness.measure import Measure
from samedevice.harness.report import Report
from samedevice.harness.result import Status
from samedevice.reports.formats.json import data, render
from samedevice.reports.schema import schema

VALIDATOR = Draft202012Validator(schema())


def strict(text):
    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


@given(st.from_type(Report))
def test_every_report_obeys_the_schema(report):
    loaded = strict(render(report))
    VALIDATOR.validate(loaded)
    assert loaded == data(report)
    assert sum(loaded["summary"].values()) == len(loaded["cells"])


@pytest.fixture
def full(cell, report):
    flaw = Finding(
        code="SD201",
        message="mixed",
        subject="scheduler.alphas",
        op="aten::index_select",
        origin=Location(file="corruption.py", line=42),
        use=Location(file="model.py", line=88),
        hint="register_buffer",
    )
    return report(
        cell(
            suite="math",
            device=Device(kind="cuda", virtual=True),
            status=Status.FAIL,
            seconds=0.004,
            measures=(Measure(name="forward_success", value=19, of=20), Measure(name="copies_to_host", value=0)),
            findings=(flaw,),
        ),
        cell(status=Status.NOT_CHECKED, reason="no inputs"),
    )


def test_is_the_contract_to_the_letter(full):
    assert strict(render(full)) == {
        "schema": "samedevice/1",
        "environment": {
            "samedevice": "0.1.0",
            "torch": "2.13.0",
            "transformers": "5.23.0",
            "python": "3.11.7",
            "platform": "Linux",
            "git": None,
        },
        "cells": [
            {
                "suite": "math",
                "target": "rope",
                "device": {"name": "cuda:0", "kind": "virtual"},
                "check": "forward",
                "status": "fail",
                "seconds": 0.004,
                "measures": {"forward_success": 19, "forward_success_of": 20, "copies_to_host": 0},
                "findings": [
                    {
                        "code": "SD201",
                        "severity": "error",
                        "message": "mixed",
                        "subject": "scheduler.alphas",
                        "op": "aten::index_select",
                        "origin": {"file": "corruption.py", "line": 42},
                        "use": {"file": "model.py", "line": 88},
                        "hint": "register_buffer",
                    }
                ],
            },
            {
                "target": "rope",
                "device": {"name": "cpu", "kind": "real"},
                "check": "forward",
                "status": "not-checked",
                "reason": "no inputs",
                "seconds": 0,
                "measures": {},
                "findings": [],
            },
        ],
        "summary": {"pass": 0, "fail": 1, "error": 0, "not-checked": 1},
    }


def test_the_order_of_keys_is_fixed(full):
    loaded = strict(render(full))
    assert list(loaded) == ["schema", "environment", "cells", "summary"]
    assert list(loaded["summary"]) == ["pass", "fail", "error", "not-checked"]
    assert render(full) == render(full)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_becomes_null(cell, report, value):
    loaded = strict(render(report(cell(seconds=value, measures=(Measure(name="loss", value=value),)))))
    assert loaded["cells"][0]["measures"] == {"loss": None}
    assert loaded["cells"][0]["seconds"] is None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "samedevice/2"),
        (("cells", 0, "status"), "skipped"),
        (("cells", 0, "device", "kind"), "fake"),
        (("cells", 0, "device", "name"), "cuda"),
        (("cells", 0, "findings", 0, "code"), "XX1"),
        (("cells", 0, "findings", 0, "severity"), "fatal"),
        (("cells", 0, "findings", 0, "origin"), "corruption.py:42"),
        (("cells", 0, "measures", "forward_success"), "19"),
        (("summary", "pass"), -1),
    ],
)
def test_the_schema_refuses_a_wrong_value(full, path, value):
    loaded = copy.deepcopy(data(full))
    place = loaded
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert not VALIDATOR.is_valid(loaded)


def test_the_schema_wants_a_reason_for_what_was_not_checked(full):
    loaded = data(full)
    del loaded["cells"][1]["reason"]
    assert not VALIDATOR.is_valid(loaded)

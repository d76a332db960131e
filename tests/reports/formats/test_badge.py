import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.device import Device
from samedevice.harness.finding import Finding, Severity
from samedevice.harness.report import Report
from samedevice.harness.result import Status
from samedevice.reports.formats.badge import render

CUDA, REAL = Device(kind="cuda", virtual=True), Device(kind="cuda")
WARNING = Finding(code="SD301", message="m", severity=Severity.WARNING)
NOTE = Finding(code="SD738", message="m", severity=Severity.NOTE)


def badge(report):
    return json.loads(render(report))


@given(st.from_type(Report))
def test_claims_no_more_than_was_run(report):
    shown = badge(report)
    assert shown["schemaVersion"] == 1
    assert set(shown) <= {"schemaVersion", "label", "message", "color", "isError"}
    if shown["color"] in ("green", "brightgreen"):
        assert report.ok
        assert report.cells
    if shown["color"] == "brightgreen":
        assert not any(cell.device.virtual for cell in report.cells)
    assert ("virtual" in shown["message"]) == any(cell.device.virtual for cell in report.cells)


@pytest.mark.parametrize(
    ("words", "message", "color"),
    [
        ([], "nothing was run", "lightgrey"),
        ([{}], "cpu", "brightgreen"),
        ([{"findings": (NOTE,)}], "cpu", "brightgreen"),
        ([{}, {"device": REAL}], "cpu, cuda", "brightgreen"),
        ([{}, {"device": CUDA}], "cpu, cuda (virtual)", "green"),
        ([{"device": REAL}, {"device": CUDA}], "cuda, cuda (virtual)", "green"),
        ([{"device": CUDA}, {"device": Device(kind="cuda", index=1, virtual=True)}], "cuda (virtual)", "green"),
        ([{}, {"check": "b", "status": Status.NOT_CHECKED}], "cpu (partly checked)", "yellowgreen"),
        ([{}, {"device": CUDA, "status": Status.NOT_CHECKED}], "cpu, cuda (virtual, not checked)", "lightgrey"),
        ([{}, {"device": CUDA, "findings": (WARNING,)}], "cpu, cuda (virtual, warns)", "yellow"),
        ([{}, {"device": CUDA, "status": Status.FAIL}], "cpu, cuda (virtual, fails)", "red"),
        ([{}, {"device": CUDA, "status": Status.ERROR}], "cpu, cuda (virtual, fails)", "red"),
    ],
)
def test_says_how_each_device_came_out(cell, report, words, message, color):
    shown = badge(report(*(cell(**one) for one in words)))
    assert (shown["label"], shown["message"], shown["color"]) == ("devices", message, color)
    assert shown.get("isError", False) == (color == "red")

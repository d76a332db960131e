from pathlib import Path
from xml.etree import ElementTree

import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.device import Device
from samedevice.harness.finding import Finding, Severity
from samedevice.harness.measure import Measure
from samedevice.harness.report import Report
from samedevice.harness.result import Status
from samedevice.reports.formats.junit import render

SCHEMA = xmlschema.XMLSchema(str(Path(__file__).parent / "schemas/junit-10.xsd"))


def parsed(report):
    return ElementTree.fromstring(render(report).encode())  # strict: a character that XML forbids is an error


@given(st.from_type(Report))
def test_every_report_obeys_the_schema_of_jenkins(report):
    SCHEMA.validate(render(report))


@given(st.from_type(Report))
def test_every_cell_is_one_test_case_with_its_outcome(report):
    root = parsed(report)
    cases = root.findall(".//testcase")
    assert len(cases) == len(report.cells) == int(root.get("tests"))
    for tag, status in {"failure": "fail", "error": "error", "skipped": "not-checked"}.items():
        assert len(root.findall(f".//testcase/{tag}")) == report.summary[Status(status)]
    for suite in root.findall("testsuite"):
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        for word, tag in {"failures": "failure", "errors": "error", "skipped": "skipped"}.items():
            assert int(suite.get(word)) == len(suite.findall(f"testcase/{tag}"))
    assert all(case.get("name").endswith((" (real)", " (virtual)")) for case in cases)


def test_a_suite_says_where_it_ran(cell, report):
    device = Device(kind="mps", virtual=True)
    (suite,) = parsed(report(cell(suite="math", device=device, seconds=0.0625))).findall("testsuite")
    said = {one.get("name"): one.get("value") for one in suite.iter("property")}
    assert said == {
        "samedevice": "0.1.0",
        "torch": "2.13.0",
        "transformers": "5.23.0",
        "python": "3.11.7",
        "platform": "Linux",
        "device": "mps:0",
        "kind": "virtual",
    }
    assert (suite.get("name"), suite.get("time")) == ("math on mps:0 (virtual)", "0.062")


def test_what_was_not_checked_is_skipped_with_its_reason(cell, report):
    (skipped,) = parsed(report(cell(status=Status.NOT_CHECKED, reason="no\x1binputs"))).iter("skipped")
    assert skipped.get("message") == "not checked: no\\x1binputs"


def test_a_failure_tells_all_its_errors_and_a_warning_fails_nothing(cell, report):
    bad = [Finding(code="SD201", message=f"{n} of 2", subject="x") for n in (1, 2)]
    mild = Finding(code="SD301", message="slow", severity=Severity.WARNING)
    failed, passed = parsed(
        report(cell(status=Status.FAIL, findings=(mild, *bad)), cell(check="step", findings=(mild,)))
    ).iter("testcase")
    failure = failed.find("failure")
    assert failure.get("type") == "SD201"
    assert failure.get("message") == "SD201: an operation mixed devices: 1 of 2 (and 1 more)"
    assert "2 of 2" in failure.text
    assert "slow" not in failure.text
    assert passed.find("failure") is None
    for case in (failed, passed):
        assert "SD301" in case.find("system-out").text


def test_a_rate_carries_its_interval(cell, report):
    (case,) = parsed(report(cell(measures=(Measure(name="forward_success", value=20, of=20),)))).iter("testcase")
    assert case.find("system-out").text == "forward_success: 100.0 % [83.9, 100.0] (20/20)"


def test_a_failure_without_a_finding_says_so(cell, report):
    (failure,) = parsed(report(cell(status=Status.FAIL))).iter("failure")
    assert (failure.get("type"), failure.get("message"), failure.text) == ("failure", "failed without a finding", None)

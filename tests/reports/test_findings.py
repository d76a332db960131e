from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.device import Device
from samedevice.harness.finding import Finding, Location, Severity
from samedevice.harness.report import Report
from samedevice.reports.findings import group, sightings

LINE = Location(file="rope.py", line=42)
CUDA = Device(kind="cuda", virtual=True)


def finding(**fields):
    return Finding(**{"code": "SD101", "message": "on cpu", "subject": "scale", "origin": LINE, **fields})


def test_the_same_finding_is_shown_once_with_its_places(cell):
    cells = [
        cell(check="forward", device=CUDA, findings=(finding(message="on cpu, not cuda:0"),)),
        cell(check="moves", device=CUDA, findings=(finding(message="on cpu, not cuda:0"),)),
        cell(device=Device(kind="mps"), findings=(finding(message="on cpu, not mps:0"),)),
    ]
    (entry,) = group(cells)
    assert entry.messages == ("on cpu, not cuda:0", "on cpu, not mps:0")
    assert sightings(entry.seen) == {"cuda:0 (virtual)": ("forward", "moves"), "mps:0 (real)": ("forward",)}


def test_another_code_subject_or_line_is_another_finding(cell):
    other_line = Location(file="rope.py", line=43)
    findings = (finding(), finding(code="SD102"), finding(subject="bias"), finding(origin=other_line))
    assert len(group([cell(findings=findings)])) == 4


def test_without_subject_and_origin_the_message_decides(cell):
    findings = [finding(subject=None, origin=None, message=message) for message in ("a", "b", "a")]
    assert [entry.messages for entry in group([cell(findings=tuple(findings))])] == [("a",), ("b",)]


def test_errors_stand_before_warnings_and_notes(cell):
    findings = tuple(finding(subject=severity.value, severity=severity) for severity in reversed(Severity))
    assert [entry.severity for entry in group([cell(findings=findings)])] == list(Severity)


def test_a_group_is_as_grave_as_its_gravest(cell):
    (entry,) = group([cell(findings=(finding(severity=Severity.NOTE), finding(severity=Severity.ERROR)))])
    assert entry.severity is Severity.ERROR


@given(st.from_type(Report))
def test_no_finding_is_lost(report):
    groups = group(report.cells)
    assert {each.finding.code for each in groups} == {each.code for each in report.findings}
    assert {message for each in groups for message in each.messages} == {each.message for each in report.findings}

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.finding import Finding, Location
from samedevice.harness.report import Report
from samedevice.reports.findings import group
from samedevice.reports.fingerprints import fingerprints

LINES = {3: "x = 1", 5: "x = 1", 7: "x  =  1  # same", 9: "y = 2"}


def marks(cell, *findings):
    groups = group([cell(findings=findings)])
    found = fingerprints(groups, lambda place: (place.file, LINES.get(place.line, "")))
    return {entry.finding: mark for entry, mark in zip(groups, found, strict=True)}


def flaw(**fields):
    return Finding(**{"code": "SD201", "message": "m", "subject": "scale", **fields})


def at(line, file="net.py"):
    return Location(file=file, line=line)


@given(st.from_type(Report))
def test_no_two_findings_share_one(report):
    groups = group(report.cells)
    found = fingerprints(groups, lambda place: (place.file, ""))
    assert len(set(found)) == len(groups)
    assert found == fingerprints(groups, lambda place: (place.file, ""))


def test_the_line_number_does_not_count_and_its_text_does(cell):
    one, moved, other = flaw(origin=at(3)), flaw(origin=at(5)), flaw(origin=at(9))
    assert marks(cell, one)[one] == marks(cell, moved)[moved] != marks(cell, other)[other]


def test_those_that_are_alike_are_counted_from_the_top_of_the_file(cell):
    low, high = flaw(origin=at(5)), flaw(origin=at(3))
    found = marks(cell, low, high)
    assert (found[high][-2:], found[low][-2:]) == (":1", ":2")
    assert found[high][:-2] == found[low][:-2]


@pytest.mark.parametrize(
    "changed", [{"code": "SD202"}, {"subject": "shift"}, {"op": "aten::add"}, {"origin": at(3, file="other.py")}]
)
def test_what_else_counts(cell, changed):
    one, other = flaw(origin=at(3)), flaw(**{"origin": at(3), **changed})
    assert marks(cell, one)[one] != marks(cell, other)[other]


def test_the_message_counts_only_where_nothing_else_is_known(cell):
    one, other = flaw(origin=at(3), message="a"), flaw(origin=at(3), message="b")
    assert marks(cell, one)[one] == marks(cell, other)[other]
    bare = [Finding(code="SD801", message=text) for text in ("loss is 0.25", "loss is 0.75", "tokens differ")]
    found = [marks(cell, one)[one] for one in bare]
    assert found[0] == found[1] != found[2]


def test_the_use_stands_in_for_an_unknown_origin(cell):
    one, other = flaw(use=at(3)), flaw(use=at(9))
    assert marks(cell, one)[one] != marks(cell, other)[other]

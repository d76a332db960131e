import pytest

from samedevice.harness.device import Device
from samedevice.harness.finding import Location, Severity
from samedevice.harness.result import Status
from samedevice.harness.suppressing import applied
from samedevice.harness.suppression import Entry, Suppressed

HERE = Location(file="pyproject.toml", line=3)


def entry(**fields):
    return Entry(**{"code": "SD301", "reason": "tiny", "place": HERE, **fields})


@pytest.mark.parametrize("where", ["origin", "use"])
def test_a_comment_at_either_line_sets_a_finding_aside(source, result, finding, where):
    at = source("a = 1\nb = 2  # samedevice: ignore[SD301] -- tiny\n")
    one = finding(**{where: at(2)})
    (cell,) = applied([result(one)], ())
    assert cell.findings == ()
    assert cell.suppressed == (Suppressed(finding=one, reason="tiny", place=at(2)),)


def test_of_another_line_or_code_it_does_not(source, result, finding):
    at = source("a = 1\nb = 2  # samedevice: ignore[SD301] -- tiny\n")
    before = result(finding(origin=at(1)), finding("SD302", origin=at(2)), finding())
    assert applied([before], ()) == (before,)


def test_a_cell_without_another_error_passes(source, result, finding):
    at = source("b = 2  # samedevice: ignore[SD201] -- known\n")
    silent = finding("SD201", severity=Severity.ERROR, origin=at(1))
    other = finding("SD202", severity=Severity.ERROR)
    cells = applied([result(silent), result(silent, finding()), result(silent, other)], ())
    assert [cell.status for cell in cells] == [Status.PASS, Status.PASS, Status.FAIL]
    assert [len(cell.findings) for cell in cells] == [0, 1, 1]


def test_what_broke_stays_broken(source, result, finding):
    at = source("b = 2  # samedevice: ignore[SD301] -- known\n")
    (cell,) = applied([result(finding(origin=at(1)), status=Status.ERROR, reason="ValueError")], ())
    assert (cell.status, len(cell.suppressed)) == (Status.ERROR, 1)


@pytest.mark.parametrize(
    ("fields", "is_silent"),
    [
        ({}, True),
        ({"code": "SD302"}, False),
        ({"target": "net"}, True),
        ({"target": "n*"}, True),
        ({"target": "other"}, False),
        ({"subject": "mask"}, True),
        ({"subject": "m?sk"}, True),
        ({"subject": "mas"}, False),
        ({"device": "cuda"}, True),
        ({"device": "cuda:0"}, True),
        ({"device": "virtual:*"}, True),
        ({"device": "virtual:cuda"}, True),
        ({"device": "real:cuda"}, False),
        ({"device": "cuda:1"}, False),
        ({"device": "mps"}, False),
        ({"target": "net", "subject": "mask", "device": "mps"}, False),
    ],
)
def test_an_entry_holds_for_what_it_names(result, finding, fields, is_silent):
    (cell,) = applied([result(finding())], [entry(**fields)])
    assert len(cell.suppressed) == is_silent
    assert all((one.reason, one.place) == ("tiny", HERE) for one in cell.suppressed)


def test_a_subject_with_brackets_is_meant_as_written(result, finding):
    (cell,) = applied([result(finding(subject="cache['k']"))], [entry(subject="cache['k']")])
    assert len(cell.suppressed) == 1


def test_an_entry_for_a_subject_is_not_for_a_finding_without(result, finding):
    (cell,) = applied([result(finding(subject=None))], [entry(subject="*")])
    assert cell.suppressed == ()


def test_a_void_comment_fails_beside_the_finding_that_it_was_meant_for(source, result, finding):
    at = source("b = 2  # samedevice: ignore[SD301]\n")
    before = result(finding(origin=at(1)), suite="s")
    cell, said = applied([before, before], ())[1:]
    assert cell == before
    assert (said.target, said.suite, said.device, said.check) == ("net", "s", Device(kind="cpu"), "suppressions")
    assert said.status is Status.FAIL
    assert [(one.code, one.origin) for one in said.findings] == [("SD902", at(1))]


def test_applying_twice_is_applying_once(source, result, finding):
    at = source("b = 2  # samedevice: ignore[SD301] -- tiny\n")
    once = applied([result(finding(origin=at(1)))], [entry(code="SD302")])
    assert applied(once, [entry(code="SD302")]) == once


def test_nothing_in_nothing_out():
    assert applied([], [entry()]) == ()


def test_a_comment_on_any_line_of_a_statement_holds_for_all_of_them(source, result, finding):
    at = source("a = 1\nb = f(\n    1,  # samedevice: ignore[SD301] -- tiny\n    2,\n)\nc = 2\n")
    silent = [bool(applied([result(finding(origin=at(line)))], ())[0].suppressed) for line in range(1, 7)]
    assert silent == [False, True, True, True, True, False]

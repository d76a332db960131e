from collections import Counter

import pytest

from samedevice.harness.device import Device
from samedevice.harness.result import Status
from samedevice.reports.grid import cut, grid, total, words, worst_first


def test_one_target_has_a_row_for_each_check(cell):
    matrix = grid([cell(check="forward"), cell(check="generate", status=Status.FAIL)])
    assert (matrix.axis, matrix.rows) == ("check", ("forward", "generate"))
    assert [words(counts) for (counts,) in matrix.counts] == ["pass", "fail"]


def test_many_targets_have_a_row_each(cell):
    cuda = Device(kind="cuda", virtual=True)
    cells = [cell(target="a"), cell(target="a", check="x"), cell(target="b", device=cuda, status=Status.ERROR)]
    matrix = grid(cells)
    assert (matrix.axis, matrix.rows, matrix.devices) == ("target", ("a", "b"), (Device(kind="cpu"), cuda))
    assert [[words(counts) for counts in row] for row in matrix.counts] == [["2 pass", "-"], ["-", "error"]]


def test_real_and_virtual_are_two_devices(cell):
    cells = [cell(device=Device(kind="cuda", virtual=virtual)) for virtual in (True, False)]
    assert [device.reality for device in grid(cells).devices] == ["virtual", "real"]


@pytest.mark.parametrize(
    ("statuses", "text"),
    [
        ([], "-"),
        ([Status.NOT_CHECKED], "not checked"),
        ([Status.PASS, Status.NOT_CHECKED], "1 not checked, 1 pass"),
        ([Status.PASS, Status.PASS, Status.FAIL, Status.ERROR], "1 error, 1 fail, 2 pass"),
    ],
)
def test_words_say_the_worst_first_and_never_mix(statuses, text):
    assert words(Counter(statuses)) == text


def test_nothing_run_is_an_empty_grid():
    assert grid([]).rows == ()


def test_the_worst_rows_come_first(cell):
    statuses = {"a": "pass", "b": "not-checked", "c": "fail", "d": "error", "e": "pass", "f": "fail"}
    cells = [cell(target=target, status=Status(status)) for target, status in statuses.items()]
    cells.append(cell(target="f", check="step", status=Status.FAIL))
    ordered = worst_first(grid(cells))
    assert ordered.rows == ("d", "f", "c", "b", "a", "e")
    first, rest = cut(ordered, 2)
    assert (first.rows, rest.rows) == (("d", "f"), ("c", "b", "a", "e"))
    assert (words(total(first)), words(total(rest))) == ("1 error, 2 fail", "1 fail, 1 not checked, 2 pass")

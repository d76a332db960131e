import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from samedevice.suites.closeness import allowance, difference, explained, gap


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=20))
def test_rounding_is_no_difference(numbers):
    exact = torch.tensor(numbers, dtype=torch.float64)
    assert difference(exact.float(), exact.float() * (1 + 2**-23)) is None


def test_the_greatest_difference_is_named():
    actual, expected = torch.zeros(2, 3), torch.zeros(2, 3)
    actual[0, 1], actual[1, 2] = 0.25, -0.5
    assert difference(actual, expected, 0.1) == "2 of 6 numbers differ, the most by 0.5 at index [1, 2] (allowed: 0.1)"


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_not_finite_is_never_close(value):
    assert difference(torch.tensor([0.0, value]), torch.tensor([0.0, value])).startswith("1 of 2 numbers differ")


def test_shapes_must_agree():
    assert difference(torch.zeros(2), torch.zeros(3)) == "shape [2], expected [3]"


def test_nothing_does_not_differ_from_nothing():
    assert difference(torch.zeros(0, 4), torch.zeros(0, 4)) is None


def test_more_is_allowed_where_numbers_are_larger_or_coarser():
    small, large = torch.ones(1), torch.full((1,), 100.0)
    assert allowance(large) == pytest.approx(100 * allowance(small))
    assert allowance(small.bfloat16()) == pytest.approx(2**16 * allowance(small))


def test_the_unit_is_the_error_of_the_expected_against_float64():
    expected, exact = torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0 + 1e-3], dtype=torch.float64)
    assert explained(expected, exact) == pytest.approx(16e-3)
    assert explained(expected, expected.double()) == explained(expected, None) == allowance(expected)
    assert gap(expected, expected + 1e-2, exact) is None
    assert gap(expected, expected + 2e-2, exact).startswith("2 of 2 numbers differ")
    assert gap(expected, expected + 1e-2) is not None


@pytest.mark.parametrize(
    ("expected", "actual", "text"),
    [
        (3, 3, None),
        (3, 4, "4, expected 3"),
        (3, 3.0, "3.0, expected 3"),
        (math.nan, math.nan, None),
        (torch.tensor([1, 2]), torch.tensor([1, 3]), "1 of 2 values differ"),
        (torch.tensor([True]), torch.tensor([True]), None),
        (torch.tensor([1.0, math.inf]), torch.tensor([1.0, math.inf]), None),
        (torch.tensor([1.0, math.nan]), torch.tensor([1.0, math.nan]), None),
        (torch.tensor([1j]), torch.tensor([1j]), None),
        (torch.ones(2), torch.ones(3), "torch.float32 [3], expected torch.float32 [2]"),
        (torch.ones(2), torch.ones(2).double(), "torch.float64 [2], expected torch.float32 [2]"),
    ],
)
def test_leaves_of_an_answer(expected, actual, text):
    assert gap(expected, actual) == text


def test_what_is_not_finite_on_one_side_alone_is_a_gap():
    assert gap(torch.tensor([1.0, math.inf]), torch.tensor([1.0, 5.0])).startswith("1 of 2 numbers differ")
    assert gap(torch.tensor([1.0, 5.0]), torch.tensor([1.0, math.nan])).startswith("1 of 2 numbers differ")
    assert gap(torch.tensor([1j]), torch.tensor([2j])).startswith("1 of 2 numbers differ")

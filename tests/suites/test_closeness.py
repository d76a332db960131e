import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from samedevice.suites.closeness import allowance, difference


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

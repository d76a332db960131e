import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from samedevice.reports.intervals import wilson


@given(st.data(), st.integers(1, 5000), st.floats(0.5, 0.999))
def test_equals_scipy(data, trials, confidence):
    successes = data.draw(st.integers(0, trials))
    reference = binomtest(successes, trials).proportion_ci(confidence_level=confidence, method="wilson")
    ours = wilson(successes, trials, confidence)
    assert (ours.low, ours.high) == pytest.approx((reference.low, reference.high), abs=1e-12)


@given(st.data(), st.integers(1, 10**6))
def test_contains_the_rate_and_stays_a_fraction(data, trials):
    successes = data.draw(st.integers(0, trials))
    interval = wilson(successes, trials)
    assert 0.0 <= interval.low <= successes / trials <= interval.high <= 1.0
    assert interval.high - interval.low > 0.0


def test_twenty_of_twenty_is_not_certainty():
    assert wilson(20, 20).low == pytest.approx(0.8389, abs=1e-4)
    assert wilson(20, 20).high == 1.0


def test_nothing_run_is_nothing_known():
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)


@pytest.mark.parametrize(("successes", "trials"), [(-1, 20), (21, 20), (0, -1), (1, 0)])
def test_refuses_impossible_counts(successes, trials):
    with pytest.raises(ValueError, match=f"{successes} successes of {trials} trials: expected 0 <= successes"):
        wilson(successes, trials)


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95])
def test_refuses_impossible_confidence(confidence):
    with pytest.raises(ValueError, match="expected a fraction between 0 and 1"):
        wilson(1, 2, confidence)

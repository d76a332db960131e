import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samedevice.reports.formats.figures import count, duration, measure, rate, short_rate, size


@pytest.mark.parametrize(
    ("successes", "trials", "text"),
    [
        (20, 20, "100.0 % [83.9, 100.0] (20/20)"),
        (0, 20, "0.0 % [0.0, 16.1] (0/20)"),
        (19, 20, "95.0 % [76.4, 99.1] (19/20)"),
        (9999, 10000, "99.9 % [99.9, 100.0] (9999/10000)"),
        (1, 10000, "0.1 % [0.0, 0.1] (1/10000)"),
        (0, 0, "not run (0/0)"),
    ],
)
def test_a_rate_has_its_interval_and_count(successes, trials, text):
    assert rate(successes, trials) == text


@given(st.data(), st.integers(1, 10**6))
def test_only_all_reads_as_all(data, trials):
    successes = data.draw(st.integers(0, trials))
    assert rate(successes, trials).startswith("100.0 %") == (successes == trials)
    assert rate(successes, trials).startswith("0.0 %") == (successes == 0)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0031, "3.1 ms"), (0.0, "0.0 ms"), (1.25, "1.25 s"), (210.4, "210 s"), (math.nan, "-"), (math.inf, "-")],
)
def test_a_time_has_the_unit_that_fits(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(("value", "text"), [(20.0, "20"), (0.25, "0.25"), (310.22, "310"), (1.2e7, "1.2e+07")])
def test_a_count_has_no_needless_digits(value, text):
    assert count(value) == text


def test_the_name_says_the_unit():
    assert (measure("forward_seconds", 2), measure("device_errors", 2)) == ("2.00 s", "2")


@pytest.mark.parametrize(
    ("right", "of", "text"),
    [(7, 20, "7/20 [18.1, 56.7 %]"), (0, 0, "0/0"), (3, 2, "3/2"), (math.nan, 2, "nan/2"), (-1, 2, "-1/2")],
)
def test_short_rates(right, of, text):
    assert short_rate(right, of) == text


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (999.6, "1 kB"),
        (9091, "9.09 kB"),
        (17.6e6, "17.6 MB"),
        (2e9, "2 GB"),
        (4e12, "4 TB"),
    ],
)
def test_sizes(octets, text):
    assert size(octets) == text


def test_a_size_that_is_not_finite():
    assert size(math.inf) == "-"

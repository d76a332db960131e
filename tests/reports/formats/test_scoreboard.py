import pytest

from samedevice.harness.measure import Measure
from samedevice.reports.formats.scoreboard import label, overall, tall, wide


@pytest.fixture
def cells(cell):
    def both(target, hits):
        forward = (
            Measure(name="forward_success", value=hits, of=20),
            Measure(name="device_errors", value=20 - hits),
            Measure(name="forward_seconds", value=0.004),
        )
        generate = (
            Measure(name="generation_success", value=hits, of=20),
            Measure(name="device_errors", value=0),
            Measure(name="generation_seconds", value=0.05),
            Measure(name="tokens_per_second", value=320),
        )
        return [
            cell(target=target, check="forward", measures=forward),
            cell(target=target, check="generate", measures=generate),
        ]

    return [*both("rope", 20), *both("alibi", 10)]


def test_tall_has_a_row_for_each_rate(cells):
    board = tall(cells)
    assert board.headers[-3:] == ("device errors", "mean time", "tokens/s")
    assert board.rows == (
        ("rope", "forward", "100.0 % [83.9, 100.0] (20/20)", "0", "4.0 ms", ""),
        ("", "generation", "100.0 % [83.9, 100.0] (20/20)", "0", "50.0 ms", "320"),
        ("alibi", "forward", "50.0 % [29.9, 70.1] (10/20)", "10", "4.0 ms", ""),
        ("", "generation", "50.0 % [29.9, 70.1] (10/20)", "0", "50.0 ms", "320"),
    )


def test_wide_has_one_row_for_each_target_and_a_sum(cells):
    board = wide(cells)
    assert board.headers == (
        "target",
        "forward success",
        "device errors",
        "mean forward time",
        "generation success",
        "mean generation time",
        "tokens/s",
    )
    assert [row[0] for row in board.rows] == ["rope", "alibi", "all 2 targets"]
    assert board.rows[2][1:4] == ("30/40", "10", "4.0 ms")


def test_a_sum_of_single_trials_has_an_interval(cell):
    """One stray in each model: nobody asked two of them the same."""
    found = [cell(target=f"t{n}", measures=(Measure(name="found", value=int(n > 0), of=1),)) for n in range(10)]
    assert overall(found) == (("found", "90.0 % [59.6, 98.2] (9/10)"),)
    assert wide(found).rows[-1] == ("all 10 targets", "90.0 % [59.6, 98.2] (9/10)")
    mixed = [*found, cell(target="t10", measures=(Measure(name="found", value=2, of=2),))]
    assert overall(mixed) == (("found", "11/12"),)
    uneven = [*found[:2], cell(target="t2", measures=(Measure(name="found", value=0, of=0),))]
    assert overall(uneven) == (("found", "1/2"),)


def test_overall_sums_each_rate(cells):
    assert overall(cells) == (
        ("forward", "30/40"),
        ("generation", "30/40"),
    )


def test_impossible_counts_are_shown_as_counted(cell):
    board = tall([cell(measures=(Measure(name="hits", value=3, of=2),))])
    assert board.rows == (("rope", "hits", "3/2"),)


def test_labels():
    assert [label(name) for name in ("tokens_per_second", "forward_seconds", "exact_match")] == [
        "tokens/s",
        "mean forward time",
        "exact match",
    ]

import math

from samedevice.harness.device import Device
from samedevice.harness.measure import Measure
from samedevice.reports.scores import grouped, lowest_shares, scored, totals


def test_rates_add_up_and_times_are_averaged(cell):
    cells = [
        cell(
            measures=(
                Measure(name="forward_success", value=19, of=20),
                Measure(name="device_errors", value=1),
                Measure(name="forward_seconds", value=0.2),
            )
        ),
        cell(
            measures=(
                Measure(name="forward_success", value=20, of=20),
                Measure(name="device_errors", value=0),
                Measure(name="forward_seconds", value=0.4),
                Measure(name="tokens_per_second", value=50),
            )
        ),
    ]
    numbers = {total.name: (total.value, total.of, total.cells) for total in totals(cells)}
    assert list(numbers) == ["forward_success", "device_errors", "forward_seconds", "tokens_per_second"]
    assert numbers["forward_success"] == (39, 40, 2)
    assert numbers["device_errors"] == (1, None, 2)
    assert math.isclose(numbers["forward_seconds"][0], 0.3)
    assert numbers["tokens_per_second"] == (50, None, 1)


def test_a_number_that_is_not_finite_was_not_measured(cell):
    broken = cell(measures=(Measure(name="forward_seconds", value=math.nan),))
    sound = cell(measures=(Measure(name="forward_seconds", value=2.0),))
    assert [(total.value, total.cells) for total in totals([broken, sound])] == [(2.0, 1)]
    assert totals([broken]) == ()


def test_a_sum_of_shares_and_counts_is_no_rate(cell):
    cells = [cell(measures=(Measure(name="hits", value=1, of=2),)), cell(measures=(Measure(name="hits", value=1),))]
    (total,) = totals(cells)
    assert (total.value, total.of, total.is_rate) == (2, None, False)


def test_more_successes_than_trials_is_no_rate(cell):
    (total,) = totals([cell(measures=(Measure(name="hits", value=3, of=2),))])
    assert not total.is_rate


def test_groups_keep_the_order_of_appearance(cell):
    cuda = Device(kind="cuda", virtual=True)
    cells = [cell(device=cuda), cell(), cell(device=cuda, check="generate")]
    groups = grouped(cells, lambda each: each.device)
    assert list(groups) == [cuda, Device(kind="cpu")]
    assert groups[cuda] == (cells[0], cells[2])


def test_scored_cells_have_a_rate(cell):
    counted = cell(measures=(Measure(name="hits", value=1, of=2),))
    assert scored([cell(), counted, cell(measures=(Measure(name="copies", value=1),))]) == (counted,)


def test_the_lowest_share_of_each_target(cell):
    cells = [
        cell(target="a", measures=(Measure(name="x", value=1, of=4), Measure(name="y", value=1, of=2))),
        cell(target="a", check="b", measures=(Measure(name="x", value=1, of=8),)),
        cell(target="b", measures=(Measure(name="x", value=9, of=8), Measure(name="y", value=0, of=0))),
    ]
    assert lowest_shares(cells) == {"a": 0.125}

import pytest

from samedevice.harness.device import Device
from samedevice.harness.gate import overheads
from samedevice.harness.measure import Measure

CPU, CUDA, MPS = Device(kind="cpu"), Device(kind="cuda", virtual=True), Device(kind="mps", virtual=True)


@pytest.fixture
def timed(cell):
    def make(device, seconds, target="net"):
        return cell(
            device=device, target=target, measures=(Measure(name="forward_seconds", value=seconds),), seconds=99
        )

    return make


def test_the_median_of_pairs_of_one_report(report, timed):
    times = [(0.1, 0.2), (0.1, 0.3), (0.1, 4.0)]
    cells = [timed(device, pair[at], f"t{n}") for n, pair in enumerate(times) for at, device in enumerate((CPU, CUDA))]
    (one,) = overheads([report(*cells)], 3.0)
    assert (one.device, one.pairs, one.holds) == ("cuda:0 (virtual)", 3, True)
    assert one.ratio == pytest.approx(3)
    assert not overheads([report(*cells)], 2.9)[0].holds


def test_times_of_two_reports_say_nothing(report, timed):
    (one,) = overheads([report(timed(CPU, 0.1)), report(timed(CUDA, 0.1))], 3.0)
    assert (one.ratio, one.pairs, one.holds) == (None, 0, False)


def test_what_is_too_short_or_not_finite_is_no_time(report, timed):
    for seconds in (0.0005, float("nan")):
        (one,) = overheads([report(timed(CPU, seconds), timed(CUDA, 0.1))], 3.0)
        assert one.ratio is None


def test_other_measures_and_other_checks_are_no_twins(report, cell, timed):
    other = cell(device=CPU, check="generate", measures=(Measure(name="forward_seconds", value=1.0),))
    bytes_ = cell(device=CPU, measures=(Measure(name="peak_bytes", value=1.0),))
    assert overheads([report(other, bytes_, timed(CUDA, 0.1))], 3.0)[0].ratio is None


def test_of_several_reports_the_least_disturbed_counts(report, timed):
    reports = [report(timed(CPU, 0.1), timed(CUDA, seconds), timed(MPS, 0.2)) for seconds in (0.5, 0.2)]
    found = {one.device: one.ratio for one in overheads(reports, 3.0)}
    assert found == {"cuda:0 (virtual)": pytest.approx(2), "mps:0 (virtual)": pytest.approx(2)}


def test_the_cpu_alone_has_nothing_to_compare(report, timed):
    assert overheads([report(timed(CPU, 0.1))], 3.0) == ()

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.device import Device
from samedevice.harness.environment import Environment
from samedevice.harness.finding import Finding, Severity
from samedevice.harness.gate import State, compare, dumped, loaded, unexplained, updated
from samedevice.harness.report import Report
from samedevice.harness.result import Result, Status

OPEN = {"status": Status.NOT_CHECKED, "reason": "no inputs"}


def flaws(known):
    return {flaw.code: known.reasons[flaw] for flaw in known.flaws}


def only(baseline):
    (known,) = baseline.values()
    return known


def test_reasons_stay_and_new_flaws_get_the_new_one(report, cell, finding):
    first = updated({}, [report(cell(findings=(finding(),)))], "upstream")
    both = [report(cell(findings=(finding(), finding("SD203"))))]
    assert unexplained(updated(first, both)) == 1
    second = updated(first, both, "a generator")
    assert flaws(only(second)) == {"SD201": "upstream", "SD203": "a generator"}
    assert unexplained(second) == 0
    assert flaws(only(updated(second, [report(cell())]))) == {}


def test_a_note_needs_no_reason_and_gets_none(report, cell, finding):
    made = updated({}, [report(cell(findings=(finding(severity=Severity.NOTE),)))], "why")
    assert (flaws(only(made)), unexplained(made)) == ({"SD201": ""}, 0)


def test_what_is_in_no_report_is_dropped_and_what_was_not_checked_stays(report, cell, finding):
    first = updated({}, [report(cell(findings=(finding(),)), cell(check="generate"))], "upstream")
    second = updated(first, [report(cell(**OPEN))])
    assert list(second) == [key for key in first if key.check == "forward"]
    assert flaws(only(second)) == {"SD201": "upstream"}
    assert only(updated({}, [report(cell(**OPEN))])).status is Status.NOT_CHECKED


def test_a_flake_is_marked_with_all_that_it_may_show_and_stays_so(report, cell, finding):
    reports = [report(cell()), report(cell(status=Status.FAIL, findings=(finding(),)))]
    assert unexplained(updated({}, reports)) == 2
    first = updated({}, reports, "a race")
    assert (only(first).flaky, only(first).reason, only(first).status) == (True, "a race", Status.FAIL)
    again = only(updated(first, [report(cell())]))
    assert (again.flaky, again.reason, flaws(again)) == (True, "a race", {"SD201": "a race"})


def test_the_status_is_the_worst(report, cell):
    cells = [cell(status=status) for status in (Status.PASS, Status.ERROR, Status.FAIL)]
    assert only(updated({}, [report(*cells)], "x")).status is Status.ERROR


RESULTS = st.builds(
    Result,
    target=st.sampled_from(["a", "b"]),
    check=st.sampled_from(["forward", "step"]),
    device=st.just(Device(kind="cpu")),
    status=st.sampled_from(Status),
    reason=st.just("ValueError: x"),
    findings=st.lists(
        st.builds(
            Finding, code=st.sampled_from(["SD201", "SD301"]), message=st.just("m"), severity=st.sampled_from(Severity)
        ),
        max_size=2,
    ).map(tuple),
)
REPORTS = st.lists(st.lists(RESULTS, max_size=4), min_size=1, max_size=2)
HERE = Environment(samedevice="1", torch="2", transformers="5", python="3", platform="p", git=None)


@given(REPORTS, REPORTS, st.sampled_from(Severity))
def test_after_an_update_the_gate_holds_for_the_same_reports(before, after, level):
    first, second = ([Report(environment=HERE, cells=tuple(cells)) for cells in reports] for reports in (before, after))
    baseline = updated(updated({}, first, "x"), second, "y")
    assert loaded(dumped(baseline), "b") == baseline
    judged = compare(baseline, second, level)
    bad = Counter(one.state for one in judged if not one.holds)
    assert bad.keys() <= {State.NOT_CHECKED}
    assert unexplained(baseline) == 0


def test_a_flake_that_shows_all_it_can_is_one_still(report, cell, finding):
    sick = report(cell(findings=(finding(),)))
    first = updated({}, [report(cell()), sick], "a race")
    assert only(updated(first, [sick])).flaky

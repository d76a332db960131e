import pytest

from samedevice.harness.device import Device
from samedevice.harness.finding import Severity
from samedevice.harness.gate import State, compare, updated
from samedevice.harness.result import Status
from samedevice.harness.suppressing import CHECK

MPS = Device(kind="mps", virtual=True)
OPEN = {"status": Status.NOT_CHECKED, "reason": "no inputs"}


@pytest.fixture
def gate(report):
    """Compares reports, each a tuple of cells, with the baseline that accepts a first one."""

    def compared(before, *after, level=Severity.WARNING, reason="upstream"):
        baseline = updated({}, [report(*cells) for cells in before], reason)
        return compare(baseline, [report(*cells) for cells in after], level)

    return compared


def only(judged):
    (one,) = judged
    return one


def test_what_is_as_it_was_passes(gate, cell):
    one = only(gate([[cell()]], [cell(seconds=9)]))
    assert (one.state, one.holds) == (State.PASS, True)


def test_a_new_finding_fails_and_is_kept(gate, cell, finding):
    one = only(gate([[cell()]], [cell(status=Status.FAIL, findings=(finding(),))]))
    assert (one.state, one.holds, one.new, one.crash) == (State.FAIL, False, (finding(),), "")


def test_a_known_one_is_expected_and_says_why(gate, cell, finding):
    one = only(gate([[cell(findings=(finding(),))]], [cell(findings=(finding(message="other"),))]))
    assert (one.state, one.holds, one.said) == (State.XFAIL, True, "SD201 scale: upstream")


def test_another_beside_it_fails_alone(gate, cell, finding):
    other = finding("SD203", subject="noise")
    one = only(gate([[cell(findings=(finding(),))]], [cell(findings=(finding(), other))]))
    assert (one.state, one.new) == (State.FAIL, (other,))


def test_one_more_of_the_same_kind_fails(gate, cell, finding):
    one = only(gate([[cell(findings=(finding(),))]], [cell(findings=(finding(), finding(message="b")))]))
    assert one.state is State.FAIL


def test_a_finding_that_became_graver_fails(gate, cell, finding):
    mild = finding(severity=Severity.WARNING)
    assert only(gate([[cell(findings=(mild,))]], [cell(findings=(finding(),))])).state is State.FAIL


def test_what_is_gone_is_an_improvement_that_must_be_committed(gate, cell, finding):
    one = only(gate([[cell(findings=(finding(), finding("SD203")))]], [cell(findings=(finding(),))]))
    assert (one.state, one.holds, [flaw.code for flaw in one.gone]) == (State.IMPROVED, False, ["SD203"])


def test_a_new_failure_counts_more_than_an_improvement(gate, cell, finding):
    assert only(gate([[cell(findings=(finding(),))]], [cell(findings=(finding("SD203"),))])).state is State.FAIL


@pytest.mark.parametrize(
    ("before", "after", "state", "holds"),
    [
        ("ValueError: a (n.py:1)", "ValueError: b (n.py:2)", State.XFAIL, True),
        ("ValueError: a", "KeyError: a", State.FAIL, False),
        ("ValueError: a", None, State.IMPROVED, False),
        (None, "KeyError: a", State.FAIL, False),
    ],
)
def test_a_crash_is_known_by_its_type(gate, cell, before, after, state, holds):
    def made(reason):
        return cell() if reason is None else cell(status=Status.ERROR, reason=reason)

    one = only(gate([[made(before)]], [made(after)]))
    assert (one.state, one.holds) == (state, holds)
    assert one.crash == (after if state is State.FAIL else "")


def test_a_cell_that_is_in_no_report_is_missing(gate, cell):
    here, gone = gate([[cell(), cell(check="generate")]], [cell()])[::-1]
    assert (gone.state, gone.holds, gone.key.check, here.state) == (State.MISSING, False, "generate", State.PASS)


@pytest.mark.parametrize(
    ("before", "after", "state", "holds"),
    [
        ([{}], OPEN, State.NOT_CHECKED, False),
        ([OPEN], OPEN, State.NOT_CHECKED, True),
        ([], OPEN, State.NOT_CHECKED, True),
        ([OPEN], {}, State.IMPROVED, False),
        ([], {}, State.IMPROVED, False),
    ],
)
def test_not_checked_and_not_in_the_baseline(gate, cell, before, after, state, holds):
    one = only(gate([[cell(**fields) for fields in before]], [cell(**after)]))
    assert (one.state, one.holds) == (state, holds)
    assert one.said == {
        State.NOT_CHECKED: "no inputs",
        State.IMPROVED: f"passes, and {'was not checked before' if before else 'is not in the baseline'}",
    }.get(state)


def test_a_new_cell_that_fails_fails(gate, cell, finding):
    assert only(gate([[]], [cell(findings=(finding(),))])).state is State.FAIL


def test_below_the_level_nothing_is_compared(gate, cell, finding):
    warned = cell(findings=(finding("SD301", severity=Severity.WARNING),))
    noted = cell(findings=(finding("SD738", severity=Severity.NOTE),))
    states = {
        level: [
            only(gate([[before]], [after], level=level)).state for before, after in ((cell(), warned), (noted, cell()))
        ]
        for level in Severity
    }
    assert states == {
        Severity.ERROR: [State.PASS, State.PASS],
        Severity.WARNING: [State.FAIL, State.PASS],
        Severity.NOTE: [State.FAIL, State.IMPROVED],
    }


def test_different_outcomes_of_several_reports_are_flaky(gate, cell, finding):
    known = cell(findings=(finding(), finding("SD203")))
    one = only(gate([[known]], [cell(findings=(finding(),))], [known], [known]))
    assert (one.state, one.holds, one.said) == (State.FLAKY, False, "SD203 scale in 2 of 3 reports")


def test_a_new_failure_in_one_of_several_reports_fails(gate, cell, finding):
    assert only(gate([[cell()]], [cell()], [cell(findings=(finding(),))])).state is State.FAIL


def test_a_cell_that_is_known_to_be_flaky_may_do_either_and_nothing_else(gate, cell, finding):
    sick = cell(findings=(finding(),))
    for after in (cell(), sick):
        one = only(gate([[cell()], [sick]], [after]))
        assert (one.state, one.holds, one.said) == (State.FLAKY, True, "upstream")
    assert only(gate([[cell()], [sick]], [cell(findings=(finding("SD203"),))])).state is State.FAIL
    assert only(gate([[cell()], [sick]], [cell(**OPEN)])).holds is False


def test_shards_are_put_together_and_what_one_checked_is_checked(gate, cell):
    judged = gate([[cell(), cell(device=MPS)]], [cell(), cell(device=MPS, **OPEN)], [cell(device=MPS), cell(**OPEN)])
    assert [one.state for one in judged] == [State.PASS, State.PASS]


def test_a_cell_twice_in_one_report_is_no_flake(gate, cell, finding):
    twice = [cell(), cell(findings=(finding(),))]
    assert only(gate([twice], twice)).state is State.XFAIL


def test_the_findings_about_suppressions_come_and_go_with_their_cell(gate, cell, finding):
    sick = cell(check=CHECK, findings=(finding("SD902"),))
    assert only(gate([[]], [sick])).state is State.FAIL
    assert only(gate([[sick]], [])).state is State.IMPROVED
    assert gate([[cell(check=CHECK, findings=(finding("SD901", severity=Severity.NOTE),))]], []) == ()
    assert gate([[]], [cell(check=CHECK)]) == ()


def test_the_worst_comes_first(gate, cell, finding):
    before = [cell(check=name) for name in ("a", "b", "c", "e")] + [cell(check="d", findings=(finding(),))]
    after = [cell(check="a"), cell(check="b", **OPEN), cell(check="d"), cell(check="e", findings=(finding(),))]
    assert [one.state for one in gate([before], after)] == [
        State.FAIL,
        State.MISSING,
        State.IMPROVED,
        State.NOT_CHECKED,
        State.PASS,
    ]


def test_a_shard_that_did_not_check_says_nothing_against_one_that_did(gate, cell, finding):
    sick = cell(findings=(finding(),))
    assert only(gate([[sick]], [sick], [cell(**OPEN)])).state is State.XFAIL


def test_what_fails_the_gate_comes_before_what_is_tolerated(gate, cell, finding):
    flaky = cell(check="a", findings=(finding(),))
    judged = gate([[cell(check="a")], [flaky]], [flaky, cell(check="b")])
    assert [(one.state, one.holds) for one in judged] == [(State.IMPROVED, False), (State.FLAKY, True)]

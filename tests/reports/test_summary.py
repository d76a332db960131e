from dataclasses import replace

import pytest

from samedevice.harness.device import Device
from samedevice.harness.finding import Finding, Severity
from samedevice.harness.measure import Measure
from samedevice.harness.result import Status
from samedevice.harness.shard import Shard
from samedevice.reports.summary import trust, unsettled, verdict

CUDA = Device(kind="cuda", virtual=True)


def flaw(severity=Severity.ERROR, subject="scale"):
    return Finding(code="SD101", message="on cpu", subject=subject, severity=severity)


def test_nothing_run_is_not_clean(report):
    assert verdict(report()) == "Nothing was run."


def test_clean_says_real_and_virtual(cell, report):
    told = verdict(report(cell(), cell(device=CUDA), cell(device=CUDA, check="generate")))
    assert told == "CLEAN: 3 cells (1 real, 2 virtual): 3 pass; no findings."


def test_the_same_finding_counts_once(cell, report):
    cells = [cell(status=Status.FAIL, findings=(flaw(), flaw(Severity.WARNING, "bias"))) for _ in range(2)]
    assert verdict(report(*cells)) == "FAILED: 2 cells (2 real): 2 fail; findings: 1 error, 1 warning."


@pytest.mark.parametrize(
    ("fields", "head"),
    [
        ({"status": Status.ERROR, "reason": "boom"}, "BROKEN"),
        ({"status": Status.FAIL, "findings": (flaw(),)}, "FAILED"),
        ({"findings": (flaw(Severity.WARNING),)}, "WARNED"),
        ({"status": Status.NOT_CHECKED, "reason": "no inputs"}, "INCOMPLETE"),
        ({"findings": (flaw(Severity.NOTE),)}, "CLEAN"),
    ],
)
def test_the_head_is_the_worst_that_happened(cell, report, fields, head):
    assert verdict(report(cell(), cell(check="other", **fields))).startswith(f"{head}: 2 cells")


def test_unsettled_cells_are_grouped_by_reason(cell):
    cells = [
        cell(),
        cell(check="a", status=Status.NOT_CHECKED, reason="no inputs"),
        cell(check="b", status=Status.NOT_CHECKED, reason="no inputs"),
        cell(check="c", status=Status.ERROR, reason="no inputs"),
        cell(check="d", status=Status.NOT_CHECKED),
    ]
    entries = [(each.status, each.reason, [member.check for member in each.cells]) for each in unsettled(cells)]
    assert entries == [
        (Status.NOT_CHECKED, "no inputs", ["a", "b"]),
        (Status.ERROR, "no inputs", ["c"]),
        (Status.NOT_CHECKED, "no reason was given", ["d"]),
    ]


def counted(operators, derived):
    return (Measure(name="operators", value=operators), Measure(name="derived_operators", value=derived))


def test_derived_rules_are_counted_where_there_are_most(cell, report):
    mps = Device(kind="mps", virtual=True)
    told = trust(
        report(
            cell(device=CUDA, measures=counted(40, 1)),
            cell(device=CUDA, measures=counted(30, 3)),
            cell(device=mps, measures=counted(5, 5)),
            cell(measures=counted(9, 9)),
        )
    )
    assert told == (
        "on cuda, up to 3 of the 30 operators of a cell follow derived rules; "
        "on mps, up to 5 of the 5 operators of a cell follow derived rules"
    )


def test_confirmed_rules_are_said_too(cell, report):
    told = trust(report(cell(device=CUDA, measures=counted(40, 0))))
    assert told == "on cuda, every operator's rule was confirmed on a GPU"


def test_nobody_counted(cell, report):
    assert trust(report(cell(device=CUDA), cell())) == ""


def test_a_part_of_a_plan_says_so(cell, report):
    shards = tuple(Shard(index=index, count=4, cells=8, plan="p") for index in (1, 3))
    told = verdict(replace(report(cell()), shards=shards))
    assert told == "CLEAN: 1 cell (1 real): 1 pass; no findings. Shard 1/4, 3/4 alone."
    assert verdict(replace(report(), shards=shards)) == "Nothing was run. Shard 1/4, 3/4 alone."

from samedevice.harness.environment import Environment
from samedevice.harness.finding import Location, Severity
from samedevice.harness.merging import merged
from samedevice.harness.report import Report
from samedevice.harness.result import Status
from samedevice.harness.suppressing import CHECK, reconciled
from samedevice.harness.suppression import Suppressed

HERE = Location(file="net.py", line=3)
ENVIRONMENT = Environment(samedevice="1", torch="2", transformers="5", python="3", platform="p", git=None)


def test_what_one_shard_used_is_stale_in_none(result, finding):
    stale = finding("SD901", subject="SD301", origin=HERE)
    other = finding("SD901", subject="SD302", origin=HERE)
    used = Suppressed(finding=finding(), reason="tiny", place=HERE)
    shards = [
        result(stale, check=CHECK),
        result(stale, other, check=CHECK, target="b"),
        result(suppressed=(used,)),
        result(stale),
    ]
    cells = reconciled(shards)
    assert [(cell.target, cell.check, cell.findings) for cell in cells] == [
        ("b", CHECK, (other,)),
        ("net", "transfers", ()),
        ("net", "transfers", (stale,)),
    ]


def test_without_a_use_it_stays_stale(result, finding):
    cell = result(finding("SD901", subject="SD301", origin=HERE), check=CHECK)
    assert reconciled([cell]) == (cell,)


def test_what_two_runs_say_of_suppressions_is_put_together(result, finding):
    first, second = finding("SD902", severity=Severity.ERROR), finding("SD901", subject="SD302")
    reports = [
        Report(environment=ENVIRONMENT, cells=cells)
        for cells in ((result(first, check=CHECK), result()), (result(second, first, check=CHECK),))
    ]
    said, other = merged(reports).cells
    assert (said.status, said.findings) == (Status.FAIL, (first, second))
    assert merged(reversed(reports)).cells[0].status is Status.FAIL
    assert other == result()

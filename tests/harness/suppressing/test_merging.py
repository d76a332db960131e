from samedevice.harness.finding import Location
from samedevice.harness.suppressing import CHECK, reconciled
from samedevice.harness.suppression import Suppressed

HERE = Location(file="net.py", line=3)


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

import pytest

from samedevice.harness.errors import UsageError
from samedevice.harness.shard import Shard, lacking, parts


def shard(index, count=4, plan="p"):
    return Shard(index=index, count=count, cells=12, plan=plan)


def test_words():
    assert parts("2/4") == (2, 4)
    assert shard(2).name == "2/4"


@pytest.mark.parametrize("word", ["", "2", "0/4", "5/4", "2/0", "-1/4", "a/b", "1/2/3", " 1/2"])
def test_what_is_no_shard(word):
    with pytest.raises(UsageError, match="is not a shard: give i/n with i from 1 to n"):
        parts(word)


def test_what_is_missing_is_said():
    assert lacking([]) == ()
    assert lacking([shard(index) for index in (4, 1, 3, 2)]) == ()
    assert lacking([shard(1), shard(2), shard(4)]) == ("shard 3/4 of a plan of 12 cells not given",)
    assert lacking([shard(1)]) == ("shards 2/4, 3/4, 4/4 of a plan of 12 cells not given",)


def test_parts_of_other_plans_make_no_whole():
    whole = [shard(1, 1, "p"), shard(1, 1, "q")]
    assert lacking(whole) == ("the shards are of 2 different plans",)

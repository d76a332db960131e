"""Deleting for good: what git says of the history that is left."""

import subprocess

import pytest

from samedevice.harness.hub.history import MAIN, Author, History
from samedevice.harness.hub.pointer import Pointer
from samedevice.harness.hub.purging import rewritten
from samedevice.harness.hub.trees import files, grown

ALICE = Author(name="alice")
ONE, TWO = (Pointer(sha256=digit * 64, size=1) for digit in "12")


def git(folder, *words):
    return subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True, text=True).stdout


def commit(history, parents, files_, message):
    tree = grown(history, parents[0] if parents else None, {p: history.write(d) for p, d in files_.items()}, ())
    return history.add_commit(tree, parents, ALICE, message)


@pytest.fixture
def history(tmp_path):
    return History(tmp_path / "one.git", is_new=True)


def test_the_pointers_go_and_the_rest_stays(history, tmp_path):
    first = commit(history, (), {"text": b"1"}, "first")
    second = commit(history, (first,), {"d/one.bin": ONE.text()}, "only the large one")
    third = commit(history, (second,), {"text": b"3", "two.bin": TWO.text(), "copy.bin": ONE.text()}, "third")
    history.move(MAIN, None, third)
    history.move("refs/heads/old", None, first)
    history.move("refs/pr/1", None, second)
    history.move("refs/tags/v1", None, history.add_tag("v1", second, ALICE, "annotated"))
    before = git(tmp_path / "one.git", "log", "--format=%an %ae %at %s", "main")

    names = rewritten(history, {ONE.sha256})

    assert names.keys() == {second, third}
    assert history.resolve("main") == names[third]
    assert history.refs("refs/heads/") == {"main": names[third], "old": first}
    assert history.resolve("refs/pr/1") == history.resolve("v1") == names[second]
    assert files(history, names[third]).keys() == {"text", "two.bin"}
    assert files(history, names[second]).keys() == {"text"}
    folder = tmp_path / "one.git"
    assert git(folder, "log", "--format=%an %ae %at %s", "main") == before
    assert git(folder, "for-each-ref", "--format=%(objecttype) %(contents:subject)", "refs/tags") == "tag annotated\n"
    assert git(folder, "fsck", "--full", "--strict", "--no-dangling") == ""
    blob = files(history, third)["copy.bin"].oid
    assert blob not in git(folder, "rev-list", "--objects", "--all")


def test_a_history_without_them_is_not_touched(history):
    history.move(MAIN, None, commit(history, (), {"two.bin": TWO.text()}, "first"))
    head = history.resolve("main")
    assert rewritten(history, {ONE.sha256}) == {}
    assert history.resolve("main") == head


def test_a_merge_keeps_both_of_its_sides(history):
    first = commit(history, (), {"one.bin": ONE.text()}, "first")
    left, right = commit(history, (first,), {"l": b"l"}, "left"), commit(history, (first,), {"r": b"r"}, "right")
    history.move(MAIN, None, commit(history, (left, right), {"r": b"r"}, "merge"))
    names = rewritten(history, {ONE.sha256})
    merged = history.commit(history.resolve("main"))
    assert [parent.decode() for parent in merged.parents] == [names[left], names[right]]
    assert files(history, history.resolve("main")).keys() == {"l", "r"}


def test_a_history_longer_than_python_calls_deep(history):
    head = commit(history, (), {"one.bin": ONE.text()}, "0")
    for number in range(1100):
        head = history.add_commit(history.commit(head).tree.decode(), (head,), ALICE, str(number))
    history.move(MAIN, None, head)
    assert len(rewritten(history, {ONE.sha256})) == 1101
    assert files(history, history.resolve("main")) == {}

"""Which large files a repository has, held against what git finds in all of its history."""

import subprocess

import pytest

from samedevice.harness.hub.history import MAIN, Author, History
from samedevice.harness.hub.large_files import large_files
from samedevice.harness.hub.pointer import Pointer, pointer_of
from samedevice.harness.hub.repository import Repository, Settings
from samedevice.harness.hub.trees import grown

ALICE = Author(name="alice")
ONE, TWO, THREE, FOUR = (Pointer(sha256=digit * 64, size=int(digit)) for digit in "1234")


def commit(history: History, parent, files, removed=()):
    added = {path: history.write(held.text() if isinstance(held, Pointer) else held) for path, held in files.items()}
    return history.add_commit(grown(history, parent, added, removed), (parent,) if parent else (), ALICE, "a commit")


@pytest.fixture
def repository(tmp_path):
    settings = Settings(kind="models", identifier="alice/one", is_private=False, created=0.0)
    return Repository.create(tmp_path / "one.git", settings, ALICE)


def by_git(folder):
    """Sha256 of every pointer among all the objects that any ref leads to."""
    listed = subprocess.run(
        ["git", "-C", folder, "rev-list", "--objects", "--all"], check=True, capture_output=True, text=True
    ).stdout.split("\n")
    blobs = [
        subprocess.run(["git", "-C", folder, "cat-file", "-p", line[:40]], check=True, capture_output=True).stdout
        for line in listed
        if line
    ]
    return {found.sha256 for found in map(pointer_of, blobs) if found}


def test_every_commit_of_every_ref_counts(repository):
    history = repository.history
    start = history.resolve("main")
    first = commit(history, start, {"d/one.bin": ONE, "text": b"text"})
    second = commit(history, first, {"two.bin": TWO}, removed=["d/one.bin"])
    history.move(MAIN, start, second)
    history.move("refs/heads/side", None, commit(history, first, {"three.bin": THREE, "again.bin": ONE}))
    history.move("refs/tags/v1", None, history.add_tag("v1", commit(history, first, {"four.bin": FOUR}), ALICE, "v1"))
    found = large_files(repository)
    assert found.keys() == by_git(repository.folder)
    told = {one.path: (one.ref, one.pointer) for one in found.values()}
    assert told == {
        "d/one.bin": (MAIN, ONE),
        "two.bin": (MAIN, TWO),
        "three.bin": ("refs/heads/side", THREE),
        "four.bin": ("refs/tags/v1", FOUR),
    }
    assert [one.commit for one in found.values()][:2] == [first, second]
    assert history.blob(found[ONE.sha256].blob) == ONE.text()


def test_a_merge_is_looked_through(repository):
    history = repository.history
    start = history.resolve("main")
    left, right = commit(history, start, {"one.bin": ONE}), commit(history, start, {"two.bin": TWO})
    tree = grown(history, left, {"two.bin": history.write(TWO.text())}, ())
    merged = history.add_commit(tree, (left, right), ALICE, "merge")
    history.move(MAIN, start, commit(history, merged, {}, removed=["one.bin", "two.bin"]))
    assert large_files(repository).keys() == {ONE.sha256, TWO.sha256} == by_git(repository.folder)


def test_nothing_is_large_in_a_new_repository(repository):
    assert large_files(repository) == {}


def test_what_was_deleted_for_good_is_not_there(repository):
    history = repository.history
    start = history.resolve("main")
    history.move(MAIN, start, commit(history, start, {"one.bin": ONE, "two.bin": TWO}))
    repository.settings.purged = [ONE.sha256]
    assert large_files(repository).keys() == {TWO.sha256}

"""The git side, held against git itself."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from samedevice.harness.hub.history import MAIN, Author, History
from samedevice.harness.hub.refusals import Refusal
from samedevice.harness.hub.trees import changed, files, grown

PUSHERS, COMMITS = 12, 4
ALICE = Author(name="alice")


def git(folder, *words):
    return subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True, text=True).stdout


def is_sound(folder):
    """What git finds wrong: nothing, neither on its output nor on its errors."""
    done = subprocess.run(["git", "-C", folder, "fsck", "--full", "--strict"], capture_output=True, text=True)
    return (done.returncode, done.stdout + done.stderr)


def test_twelve_that_push_at_once_lose_no_commit(served, name):
    shared = served.create(name)
    own = [served.create(f"{name}-{number}") for number in range(PUSHERS)]

    def push(number):
        for turn in range(COMMITS):
            for repo in (shared, own[number]):
                assert served.commit(repo, {f"d{turn}/{number}.txt": f"{turn}".encode()}).status_code == 200

    with ThreadPoolExecutor(PUSHERS) as pool:
        list(pool.map(push, range(PUSHERS)))
    store = Path(served.line["store"]) / "repositories" / "models" / "alice"
    folder = store / f"{name}.git"
    assert len(git(folder, "log", "--format=%H", "main").split()) == PUSHERS * COMMITS + 1
    assert len(git(folder, "ls-tree", "-r", "--name-only", "main").split()) == PUSHERS * COMMITS + 1
    for number in range(PUSHERS):
        assert len(git(store / f"{name}-{number}.git", "log", "--format=%H", "main").split()) == COMMITS + 1
    assert {is_sound(one) for one in (folder, *(store / f"{name}-{number}.git" for number in range(3)))} == {(0, "")}


def test_every_store_of_the_other_tests_is_sound(served, name):
    repo = served.create(name)
    served.commit(repo, {"a/b.txt": b"1", "a.txt": b"2", "a0": b"3", "ü/ö": b"4"})
    served.ask("POST", f"/api/models/{repo}/tag/main", json={"tag": "v1", "message": "annotated"})
    served.commit(repo, {"a/b.txt": None})
    served.commit(repo, {"c": b"5"}, who="bob", revision="main?create_pr=1")
    served.ask("POST", f"/api/models/{repo}/discussions/1/merge")
    served.ask("POST", f"/api/models/{repo}/super-squash/main", json={})
    found = list(Path(served.line["store"]).glob("repositories/*/*/*.git"))
    assert found
    assert {is_sound(folder)[0] for folder in found} == {0}
    assert {line for folder in found for line in is_sound(folder)[1].splitlines() if "dangling" not in line} == set()


def test_a_clone_has_the_files(served, name, tmp_path):
    repo = served.create(name)
    served.commit(repo, {"a/b.txt": b"text", "ü.txt": b"umlaut"})
    folder = Path(served.line["store"]) / "repositories" / "models" / f"{repo}.git"
    git(tmp_path, "clone", "-q", str(folder), "clone")
    assert (tmp_path / "clone" / "a" / "b.txt").read_text() == "text"
    assert (tmp_path / "clone" / "ü.txt").read_text() == "umlaut"


@pytest.fixture
def history(tmp_path):
    made = History(tmp_path / "one.git", is_new=True)
    first = made.add_commit(grown(made, None, {"a": made.write(b"a"), "d/b": made.write(b"b")}, ()), (), ALICE, "first")
    assert made.move(MAIN, None, first)
    return made


def test_a_ref_moves_only_from_where_it_was_seen(history):
    first = history.resolve("main")
    second = history.add_commit(grown(history, first, {"a": history.write(b"2")}, ()), (first,), ALICE, "second")
    assert not history.move(MAIN, None, second)
    assert not history.move(MAIN, second, first)
    assert history.move(MAIN, first, second)
    assert not history.move(MAIN, first, second)
    assert history.resolve("main") == second


def test_revisions_mean_what_they_mean_to_git(history):
    first = history.resolve("main")
    history.move("refs/tags/v1", None, history.add_tag("v1", first, ALICE, "annotated"))
    history.move("refs/heads/feat/x", None, first)
    for word in ("main", "v1", "feat/x", "refs/heads/main", first, first[:7], first[:20]):
        assert history.resolve(word) == first
    tree, blob = history.commit(first).tree.decode(), files(history, first)["a"].oid
    for word in ("nothing", "feat", first[:6], tree, blob, "0" * 40, "../../HEAD", "", "refs/heads/"):
        with pytest.raises(Refusal) as refused:
            history.resolve(word)
        assert refused.value.headers["X-Error-Code"] == "RevisionNotFound"


def test_the_last_commit_of_a_path_is_the_one_that_git_names(history, tmp_path):
    head = history.resolve("main")
    for turn, (path, data) in enumerate([("a", b"1"), ("d/c", b"2"), ("a", b"1"), ("d/b", b"3"), ("e", b"4")]):
        tree = grown(history, head, {path: history.write(data)}, ())
        head = history.add_commit(tree, (head,), ALICE, f"{turn}")
    history.move("refs/heads/other", None, head)
    entries = {path: one.oid for path, one in files(history, head).items()}
    expected = {
        path: git(tmp_path / "one.git", "log", "-1", "--format=%H", "other", "--", path).strip() for path in entries
    }
    assert changed(history, entries, head) == expected

"""Commits against a dictionary, and against git."""

import base64
import json
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samedevice.harness.hub.changes import applied, head_for, read
from samedevice.harness.hub.contents import Contents
from samedevice.harness.hub.history import MAIN, Author, History
from samedevice.harness.hub.refusals import Refusal
from samedevice.harness.hub.trees import files, grown

ALICE = Author(name="alice")
NAMES = st.sampled_from(["a", "b", "a.b", "a-b", "a0", "A", "ü"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


def lines(*operations, **header):
    return "\n".join(
        json.dumps({"key": key, "value": value}) for key, value in (("header", header), *operations)
    ).encode()


def put(path, data=b"x"):
    return "file", {"path": path, "content": base64.b64encode(data).decode(), "encoding": "base64"}


def begun(folder):
    history = History(Path(folder) / "one.git", is_new=True)
    first = history.add_commit(grown(history, None, {".gitattributes": history.write(b"")}, ()), (), ALICE, "first")
    history.move(MAIN, None, first)
    return history, Contents(Path(folder) / "contents"), first


@pytest.fixture
def place(tmp_path):
    return begun(tmp_path)


@settings(max_examples=25)
@given(st.lists(st.tuples(PATHS, st.binary(max_size=3) | st.none()), max_size=12))
def test_a_history_holds_what_a_dictionary_would(operations):
    with tempfile.TemporaryDirectory() as folder:
        history, contents, head = begun(folder)
        model = {".gitattributes": b""}
        for path, data in operations:
            above = [path[:at] for at, letter in enumerate(path) if letter == "/"]
            below = [one for one in model if one == path or one.startswith(f"{path}/")]
            one = put(path, data) if data is not None else ("deletedFile", {"path": path})
            is_refused = not below if data is None else any(one in model for one in above) or bool(set(below) - {path})
            try:
                head = applied(history, contents, head, read(lines(one)), ALICE)
            except Refusal:
                assert is_refused
                continue
            assert not is_refused
            if data is None:
                model = {name: value for name, value in model.items() if name not in below}
            else:
                model[path] = data
        assert {path: history.blob(one.oid) for path, one in files(history, head).items()} == model
        history.move("refs/heads/other", None, head)
        fsck = ["git", "-C", f"{folder}/one.git", "fsck", "--full", "--strict", "--no-dangling"]
        assert subprocess.run(fsck, capture_output=True, check=False).stderr == b""


def test_a_large_file_without_a_rule_gets_one(place):
    history, contents, head = place
    oid = contents.gather([b"large"])
    made = applied(
        history, contents, head, read(lines(("lfsFile", {"path": "d/x y.dat", "oid": oid, "size": 5}))), ALICE
    )
    again = applied(history, contents, made, read(lines(("lfsFile", {"path": "d/x y.dat", "oid": oid}))), ALICE)
    for commit in (made, again):
        there = files(history, commit)
        assert history.blob(there[".gitattributes"].oid) == b"d/x[[:space:]]y.dat filter=lfs diff=lfs merge=lfs -text\n"
        assert history.stored(there["d/x y.dat"].oid).pointer.sha256 == oid


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        (("lfsFile", {"path": "x.bin", "oid": "0" * 64, "size": 5}), 400),
        (("deletedFile", {"path": "none"}), 404),
        (("deletedFolder", {"path": "none/"}), 404),
        (("symlink", {"path": "x"}), 400),
        (("file", {}), 422),
        (("file", {"path": "x", "content": "%"}), 400),
        (put(".gitattributes/x"), 400),
        (put("../x"), 422),
        (put("/x"), 422),
        (put("a//b"), 422),
        (put("a/.GIT/config"), 422),
        (put(".git"), 422),
        (put("..\\x"), 422),
        (put(""), 422),
        (put("a\0b"), 422),
    ],
)
def test_what_cannot_be_is_refused(place, operation, status):
    history, contents, head = place
    with pytest.raises(Refusal) as refused:
        applied(history, contents, head, read(lines(operation)), ALICE)
    assert refused.value.status == status
    assert history.resolve("main") == head


@pytest.mark.parametrize("body", [b"x", b"[]", b'{"key": "file", "value": 1}', b"1", b"\xff"])
def test_lines_that_are_none_are_refused(body):
    with pytest.raises(Refusal, match=r"a line of the commit|value is not an object"):
        read(body)


def test_a_stale_parent_is_refused(place):
    history, contents, head = place
    second = applied(history, contents, head, read(lines(put("a"), summary="title", description="text")), ALICE)
    assert history.commit(second).message == b"title\n\ntext"
    assert head_for(history, MAIN, read(lines(parentCommit=head[:8]))) == head
    history.move(MAIN, head, second)
    with pytest.raises(Refusal) as refused:
        head_for(history, MAIN, read(lines(parentCommit=head)))
    assert refused.value.status == 412

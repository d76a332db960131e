"""Which files are large, and which ignored: git itself is asked the same."""

import subprocess

import pytest

from samedevice.harness.hub.attributes import INITIAL, LARGE, LARGE_BINARY, Rules, line
from samedevice.harness.hub.history import Author, History
from samedevice.harness.hub.trees import grown

PATHS = [
    "model.safetensors",
    "a/b/model.bin",
    "saved_model/x/y.txt",
    "deep/saved_model/x.txt",
    "events.out.tfevents.1",
    "a.tar.gz",
    "a.TAR",
    "config.json",
    "README.md",
    "safetensors",
    "with space.dat",
    "für.dat",
    "star*.dat",
    "build/x",
    "x.log",
    "keep.log",
    "a/x.log",
    "#hash.txt",
]
IGNORE = b"build/\n*.log\n!keep.log\n# a comment\n"


@pytest.fixture
def asked(tmp_path):
    """Our rules and git's, for the same two files."""
    more = b"".join(line(path) for path in ("with space.dat", "für.dat"))
    history = History(tmp_path / "one.git", is_new=True)
    held = {".gitattributes": INITIAL + more, ".gitignore": IGNORE}
    tree = grown(history, None, {path: history.write(data) for path, data in held.items()}, ())
    commit = history.add_commit(tree, (), Author(name="alice"), "rules")
    folder = tmp_path / "git"
    folder.mkdir()
    subprocess.run(["git", "init", "-q", folder], check=True)
    for path, data in held.items():
        (folder / path).write_bytes(data)

    def git(*words):
        given = "\0".join(PATHS).encode()
        return subprocess.run(
            ["git", "-C", folder, *words], input=given, capture_output=True, check=False
        ).stdout.decode()

    return Rules(history, commit), git


def test_git_sends_the_same_files_to_lfs(asked):
    rules, git = asked
    said = git("check-attr", "-z", "--stdin", "filter").split("\0")
    expected = {path: value == "lfs" for path, value in zip(said[0::3], said[2::3], strict=False)}
    assert {path: rules.is_lfs(path) for path in PATHS} == expected
    assert expected["with space.dat"]
    assert not expected["config.json"]


def test_git_ignores_the_same_files(asked):
    rules, git = asked
    ignored = set(git("check-ignore", "-z", "--stdin", "--no-index").split("\0")) - {""}
    assert {path for path in PATHS if rules.is_ignored(path)} == ignored
    assert {"build/x", "x.log", "a/x.log"} <= ignored


def test_large_is_by_name_or_by_size(asked):
    rules, _ = asked
    assert rules.is_large("a.bin", 1, b"text")
    assert not rules.is_large("a.bin", 0, b"")
    assert not rules.is_large("a.txt", LARGE, b"text")
    assert rules.is_large("a.txt", LARGE + 1, b"text")
    assert not rules.is_large("a.dat", LARGE_BINARY, b"\0")
    assert rules.is_large("a.dat", LARGE_BINARY + 1, b"\0")

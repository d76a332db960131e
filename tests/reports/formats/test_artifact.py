from pathlib import Path

import pytest

from samedevice.harness.finding import Finding, Location
from samedevice.reports.formats.artifact import Artifact, artifact, of_target, places, spot
from samedevice.reports.formats.artifact import repository as nearest

ROOT = Path("/work tree/repo")


@pytest.mark.parametrize(
    ("file", "path", "base"),
    [
        ("/work tree/repo/pkg/net.py", "pkg/net.py", "SRCROOT"),
        ("/work tree/repo/a/../net.py", "net.py", "SRCROOT"),
        ("/work tree/repository/net.py", "/work tree/repository/net.py", None),
        ("/work tree/repo/.venv/lib/python3.11/site-packages/torch/x.py", "torch/x.py", "SITEPACKAGES"),
        ("/usr/lib/python3/dist-packages/torch/x.py", "torch/x.py", "SITEPACKAGES"),
        ("C:\\a\\net.py", "C:/a/net.py", None),
        ("C:\\a\\site-packages\\torch\\x.py", "torch/x.py", "SITEPACKAGES"),
    ],
)
def test_where_a_file_lies(file, path, base):
    assert artifact(file, ROOT) == Artifact(path=path, base=base)


def test_a_relative_file_is_below_the_working_directory(repository, monkeypatch):
    monkeypatch.chdir(repository / "pkg")
    assert artifact("net.py", repository) == Artifact(path="pkg/net.py", base="SRCROOT")


@pytest.mark.parametrize(
    ("path", "base", "uri"),
    [
        ("a b/ü:%.py", "SRCROOT", "a%20b/%C3%BC%3A%25.py"),
        ("/a/b.py", None, "file:///a/b.py"),
        ("C:/a/b.py", None, "file:///C:/a/b.py"),
        ("<string>", "SRCROOT", "%3Cstring%3E"),
        ("\udcff.py", "SRCROOT", "%5Cudcff.py"),
        ("/\udcff.py", None, "file:///%5Cudcff.py"),
    ],
)
def test_a_uri_is_escaped(path, base, uri):
    assert Artifact(path=path, base=base).uri == uri


def test_the_repository_is_the_nearest_one_around(repository, monkeypatch, tmp_path_factory):
    found = repository
    monkeypatch.chdir(found / "pkg")
    assert nearest() == found
    bare = tmp_path_factory.mktemp("bare")
    monkeypatch.chdir(bare)
    assert nearest() == bare


def test_what_can_be_mended_comes_first():
    ours, theirs = Location(file=f"{ROOT}/net.py", line=2), Location(file="/x/site-packages/t.py", line=1)
    both = Finding(code="SD201", message="", origin=theirs, use=ours)
    assert places(both, ROOT) == (("used", ours), ("made", theirs))
    turned = Finding(code="SD201", message="", origin=ours, use=theirs)
    assert places(turned, ROOT) == (("made", ours), ("used", theirs))
    assert places(Finding(code="SD201", message="", origin=ours, use=ours), ROOT) == (("made", ours),)
    assert places(Finding(code="SD201", message=""), ROOT) == ()


def test_a_target_has_a_file_where_its_address_names_one(repository):
    (repository / "pkg/__init__.py").write_text("")
    (repository / "ckpt").mkdir()
    (repository / "ckpt/w.bin").write_bytes(b"")

    def file(target, subject=None):
        found = of_target(target, subject, repository)
        return found and found.path

    assert file("pkg/net.py:Net") == file("pkg.net:Net") == "pkg/net.py"
    assert file("pkg:net") == "pkg/__init__.py"
    assert file("ckpt", "w.bin") == file("ckpt/w.bin") == "ckpt/w.bin"
    assert file("ckpt", "layers.0.weight") == file("ckpt") == "ckpt"
    assert (
        file("rope") is file("no.such:Net") is file("a\0b:c") is file("\0") is file("", "") is file("x" * 9_999) is None
    )


def test_a_spot_is_file_and_line():
    assert spot(Location(file=f"{ROOT}/net.py", line=2), ROOT) == "net.py:2"
    assert spot(None, ROOT) == ""

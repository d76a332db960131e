"""A file's address, its digest, its commit, its bytes."""

import hashlib
import os

import pytest


@pytest.fixture
def repo(served, name):
    made = served.create(name)
    served.commit(made, {"a b/für#?.txt": "schön".encode(), "empty": b"", "README.md": b"# card"})
    return made


def head(served, repo):
    return served.ask("GET", f"/api/models/{repo}").json()["sha"]


ADDRESS = "a%20b/f%C3%BCr%23%3F.txt"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_small_file_comes_from_here(served, repo, method):
    first = served.ask(method, f"/{repo}/resolve/main/{ADDRESS}")
    commit = head(served, repo)
    assert first.status_code == 307
    assert first.headers["location"] == f"/api/resolve-cache/models/{repo}/{commit}/{ADDRESS}"
    answer = served.ask(method, first.headers["location"])
    data = "schön".encode()
    blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
    assert answer.status_code == 200
    assert answer.content == (data if method == "GET" else b"")
    assert answer.headers["content-length"] == str(len(data))
    for one in (first, answer):
        assert one.headers["etag"] == f'"{blob}"'
        assert one.headers["x-repo-commit"] == commit
        assert one.headers["accept-ranges"] == "bytes"


def test_a_large_file_comes_from_the_cdn(served, repo):
    data = os.urandom(3000)
    oid = served.large(repo, "sub/large.bin", data)
    first = served.ask("HEAD", f"/{repo}/resolve/main/sub/large.bin")
    assert first.status_code == 302
    assert first.headers["location"].startswith(served.line["cdn"] + f"/lfs/{oid}?")
    expected = {"x-linked-etag": f'"{oid}"', "x-linked-size": "3000", "x-repo-commit": head(served, repo)}
    assert {name: first.headers[name] for name in expected} == expected
    assert "x-xet-hash" not in first.headers
    assert served.ask("GET", first.headers["location"], None).content == data


@pytest.mark.parametrize(
    ("words", "status", "part", "span"),
    [
        ("bytes=2-4", 206, slice(2, 5), "bytes 2-4/3000"),
        ("bytes=2990-", 206, slice(2990, None), "bytes 2990-2999/3000"),
        ("bytes=-5", 206, slice(-5, None), "bytes 2995-2999/3000"),
        ("bytes=0-99999", 206, slice(None), "bytes 0-2999/3000"),
        ("bytes=3000-", 416, None, "bytes */3000"),
        ("lines=1-2", 200, slice(None), None),
    ],
)
@pytest.mark.parametrize("size", ["small", "large"])
def test_a_range_of_either(served, repo, words, status, part, span, size):
    data = bytes(range(250)) * 12
    if size == "large":
        served.large(repo, "ranged.bin", data)
        place = served.ask("HEAD", f"/{repo}/resolve/main/ranged.bin").headers["location"]
    else:
        served.commit(repo, {"ranged.txt": data})
        place = served.ask("HEAD", f"/{repo}/resolve/main/ranged.txt").headers["location"]
    answer = served.ask("GET", place, None, headers={"range": words})
    if size == "large" and words.startswith("lines"):
        assert answer.status_code == 400  # a word that the server of files refuses
        return
    assert answer.status_code == status
    if part is not None:
        assert answer.content == data[part]
    if span is not None:
        assert answer.headers["content-range"] in (span, span.removeprefix("bytes "))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("resolve/main/none", "EntryNotFound"),
        ("resolve/main/a%20b", "EntryNotFound"),
        ("resolve/main/README.md/x", "EntryNotFound"),
        ("resolve/none/README.md", "RevisionNotFound"),
        ("resolve/refs%2Fpr%2F9/README.md", "RevisionNotFound"),
    ],
)
def test_what_is_not_there(served, repo, path, code):
    answer = served.ask("HEAD", f"/{repo}/{path}")
    assert (answer.status_code, answer.headers["x-error-code"]) == (404, code)
    assert ("x-repo-commit" in answer.headers) is (code == "EntryNotFound")


@pytest.mark.parametrize(
    "path", ["/alice/none/resolve/main/x", "/none/resolve/main/x", "/datasets/alice/x/resolve/main/x"]
)
@pytest.mark.parametrize(("who", "status"), [("alice", 404), (None, 401)])
def test_no_such_repository(served, path, who, status):
    answer = served.ask("GET", path, who)
    assert (answer.status_code, answer.headers["x-error-code"]) == (status, "RepoNotFound")


def test_the_cache_keeps_what_is_private(served, name):
    repo = served.create(name, visibility="private")
    commit = served.commit(repo, {"secret": b"1"}).json()["commitOid"]
    for path in (f"/{repo}/resolve/{commit}/secret", f"/api/resolve-cache/models/{repo}/{commit}/secret"):
        codes = [served.ask("GET", path, who).status_code for who in (None, "bob", "alice read")]
        assert codes[:2] == [401, 404]
        assert codes[2] in (200, 307)

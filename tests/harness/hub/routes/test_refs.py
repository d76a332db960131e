"""Branches and tags that cannot be."""

import pytest


@pytest.fixture
def repo(served, name):
    made = served.create(name)
    served.commit(made, {"a": b"a"})
    return made


def ask(served, repo, method, path, who="alice", **words):
    answer = served.ask(method, f"/api/models/{repo}/{path}", who, **words)
    return answer.status_code, answer.headers.get("x-error-code")


def test_names(served, repo):
    assert ask(served, repo, "POST", "branch/feat%2Fx", json={}) == (201, None)
    assert ask(served, repo, "POST", "branch/feat%2Fx", json={}) == (409, None)
    assert ask(served, repo, "POST", "branch/feat", json={}) == (409, None)
    assert ask(served, repo, "POST", "branch/feat%2Fx%2Fy", json={}) == (409, None)
    for name in ("a%20b", "a..b", "a~", ".a", "a.lock", "a%5Cb"):
        assert ask(served, repo, "POST", f"branch/{name}", json={}) == (400, None)
        assert ask(served, repo, "POST", "tag/main", json={"tag": name.replace("%20", " ").replace("%5C", "\\")}) == (
            400,
            None,
        )


def test_starting_points(served, repo):
    assert ask(served, repo, "POST", "branch/x", json={"startingPoint": "none"}) == (404, "RevisionNotFound")
    assert ask(served, repo, "POST", "tag/none", json={"tag": "v1"}) == (404, "RevisionNotFound")
    first = served.ask("GET", f"/api/models/{repo}/commits/main").json()[-1]["id"]
    assert ask(served, repo, "POST", "branch/x", json={"startingPoint": first[:9]}) == (201, None)
    branches = served.ask("GET", f"/api/models/{repo}/refs").json()["branches"]
    assert {"name": "x", "ref": "refs/heads/x", "targetCommit": first} in branches


def test_an_annotated_tag_points_at_its_commit(served, repo):
    head = served.ask("GET", f"/api/models/{repo}").json()["sha"]
    assert ask(served, repo, "POST", "tag/main", json={"tag": "v1", "message": "first"}) == (201, None)
    (tag,) = served.ask("GET", f"/api/models/{repo}/refs").json()["tags"]
    assert tag == {"name": "v1", "ref": "refs/tags/v1", "targetCommit": head}
    assert ask(served, repo, "DELETE", "tag/v1") == (200, None)
    assert ask(served, repo, "DELETE", "tag/v1") == (404, "RevisionNotFound")


def test_main_stays(served, repo):
    assert ask(served, repo, "DELETE", "branch/main") == (403, None)
    assert ask(served, repo, "DELETE", "branch/none") == (404, "RevisionNotFound")


def test_nothing_is_committed_on_a_tag_or_a_commit(served, repo):
    head = served.ask("GET", f"/api/models/{repo}").json()["sha"]
    ask(served, repo, "POST", "tag/main", json={"tag": "v1"})
    assert served.commit(repo, {"b": b"b"}, revision="v1").status_code == 400
    assert served.commit(repo, {"b": b"b"}, revision=head).status_code == 404


def test_a_squashed_branch_has_one_commit_and_its_files(served, repo):
    served.commit(repo, {"b": b"b"})
    assert ask(served, repo, "POST", "super-squash/main", json={"message": "one"}) == (200, None)
    assert [one["title"] for one in served.ask("GET", f"/api/models/{repo}/commits/main").json()] == ["one"]
    assert [one["path"] for one in served.ask("GET", f"/api/models/{repo}/tree/main").json()] == [
        ".gitattributes",
        "a",
        "b",
    ]


def test_another_may_change_none_of_it(served, repo):
    for method, path in (
        ("POST", "branch/x"),
        ("DELETE", "branch/main"),
        ("POST", "tag/main"),
        ("DELETE", "tag/v1"),
        ("POST", "super-squash/main"),
    ):
        assert ask(served, repo, method, path, "bob", json={"tag": "v1"})[0] == 403
        assert ask(served, repo, method, path, "alice read", json={"tag": "v1"})[0] == 403
        assert ask(served, repo, method, path, None, json={"tag": "v1"})[0] == 401

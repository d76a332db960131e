"""What is imitated, and what is not."""

import json

import pytest


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/api/buckets/alice/x"),
        ("GET", "/api/users/alice/overview"),
        ("POST", "/api/settings/webhooks"),
        ("PATCH", "/api/whoami-v2"),
        ("POST", "/api/models/alice/x/upvote"),
        ("GET", "/alice/x"),
        ("GET", "/api/models/alice/x/tree/main/"),
        ("GET", "/api/whoami-v2/"),
    ],
)
def test_the_unknown_is_said_to_be(served, method, path):
    answer = served.ask(method, path)
    if path.endswith("main/"):
        assert answer.status_code == 404  # the root of a tree of a repository that is not there
        return
    assert (answer.status_code, answer.headers["x-error-code"]) == (501, "NotImplemented")
    assert f"{method} {path}" in answer.json()["error"]


def test_a_slash_inside_a_name_stays_there(served, name):
    repo = served.create(name)
    served.ask("POST", f"/api/models/{repo}/branch/feat%2Fx", json={})
    assert served.ask("GET", f"/api/models/{repo}/revision/feat%2Fx").status_code == 200
    assert served.ask("GET", f"/api/models/{repo}/revision/feat/x").status_code == 501


def test_every_answer_has_an_id_that_the_log_knows(served):
    answer = served.ask("GET", "/api/whoami-v2")
    (line,) = served.log(id=answer.headers["x-request-id"])
    assert (line["status"], line["user"], line["sent"], line["origin"]) == (200, "alice", len(answer.content), "hub")


def test_a_body_that_is_no_json_is_a_bad_request(served, name):
    for body in (b"{", b"[1]", b"\xff"):
        assert served.ask("POST", "/api/repos/create", content=body).status_code == 400


VALUES = (None, 1, "\ud800", [{}], [{"path": 1, "size": "x"}], {"a": 1}, "../../x")
POSTS = {
    "/api/repos/create": ("name", "type"),
    "/api/repos/move": ("fromRepo", "toRepo"),
    "/api/validate-yaml": ("content",),
    "/_samedevice/faults": ("answer", "path"),
    "/api/models/{repo}/preupload/main": ("files",),
    "/api/models/{repo}/commit/main": ("value",),
    "/api/models/{repo}/paths-info/main": (),
    "/api/models/{repo}/branch/x%FF": ("startingPoint",),
    "/api/models/{repo}/tag/main": ("tag",),
    "/api/models/{repo}/discussions": ("title",),
    "/api/models/{repo}/discussions/1/status": ("status",),
    "/api/models/{repo}/super-squash/none": ("message",),
    "/api/models/{repo}/user-access-request/grant": ("user",),
    "/api/models/{repo}/lfs-files/duplicate": ("target", "files"),
    "/{repo}.git/info/lfs/objects/batch": ("objects", "transfers"),
    "/{repo}.git/info/lfs/objects/verify": ("oid",),
}


@pytest.mark.parametrize("path", POSTS)
def test_no_body_breaks_it(served, path):
    served.ask("POST", "/api/repos/create", json={"name": "junk"})
    words = {"operation": "upload", "key": "file", "size": 1}
    bodies = [json.dumps({**words, field: value}).encode() for field in POSTS[path] for value in VALUES]
    bodies.append(json.dumps({**words, "value": {"path": "a", "content": "%"}, "files": [{"path": "a"}]}).encode())
    for body in (b"", b"[]", b"null", b"\xff\xfe", *bodies):
        answer = served.ask("POST", path.format(repo="alice/junk"), content=body)
        assert answer.status_code < 500, (body, answer.text)
    served.ask("DELETE", "/_samedevice/faults")

"""What is imitated, and what is not."""

import pytest


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/api/collections"),
        ("GET", "/api/users/alice/overview"),
        ("POST", "/api/settings/webhooks"),
        ("PATCH", "/api/whoami-v2"),
        ("POST", "/api/models/alice/x/like"),
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

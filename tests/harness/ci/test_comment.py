"""The comment against a fake GitHub on loopback, with the payloads of the events that a runner meets."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from samedevice.harness.ci import comment

PAYLOADS = Path(__file__).parent / "payloads"
MARKER = "<!-- samedevice: samedevice -->"


class GitHub(HTTPServer):
    """Issues and their comments, as much of the API as a comment needs."""

    def __init__(self, permission):
        super().__init__(("127.0.0.1", 0), Handler)
        self.permission = permission  # "write", "read", or the status of every answer
        self.comments = []
        self.calls = []


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def answer(self, status, data):
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def asked(self):
        self.server.calls.append((self.command, self.path))
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        if self.headers["Authorization"] != "Bearer s3cret" or not self.path.startswith("/repos/octo/nets/issues/"):
            return self.answer(401, {"message": "Bad credentials"})
        if isinstance(self.server.permission, int):
            return self.answer(self.server.permission, {"message": "no"})
        if self.command != "GET" and self.server.permission == "read":
            return self.answer(403, {"message": "Resource not accessible by integration"})
        return getattr(self, f"on_{self.command}")(urlsplit(self.path), body)

    do_GET = do_POST = do_PATCH = asked

    def on_GET(self, url, body):
        query = {name: int(value) for name, (value,) in parse_qs(url.query).items()}
        first = (query["page"] - 1) * query["per_page"]
        self.answer(200, self.server.comments[first : first + query["per_page"]])

    def on_POST(self, url, body):
        assert url.path == "/repos/octo/nets/issues/42/comments"
        self.server.comments.append({"id": 1000 + len(self.server.comments), **body})
        self.answer(201, self.server.comments[-1])

    def on_PATCH(self, url, body):
        number = int(url.path.rpartition("/")[2])
        (found,) = (one for one in self.server.comments if one["id"] == number)
        found.update(body)
        self.answer(200, found)


@pytest.fixture
def github(request):
    server = GitHub(getattr(request, "param", "write"))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def post(github, tmp_path, monkeypatch, capsys):
    """Comments a text for the event of a payload; returns what the log says."""

    def posted(payload, text="| a table |\n", *words):
        monkeypatch.setenv("GITHUB_EVENT_NAME", payload.partition("_opened")[0])
        monkeypatch.setenv("GITHUB_EVENT_PATH", str(PAYLOADS / f"{payload}.json"))
        monkeypatch.setenv("GITHUB_REPOSITORY", "octo/nets")
        monkeypatch.setenv("GITHUB_API_URL", f"http://127.0.0.1:{github.server_port}")
        monkeypatch.setenv("GITHUB_TOKEN", "s3cret")
        (tmp_path / "comment.md").write_text(text, encoding="utf-8")
        assert comment.main([str(tmp_path / "comment.md"), *words]) == 0
        return capsys.readouterr().out

    return posted


def test_a_first_comment_and_its_update(github, post):
    github.comments.append({"id": 7, "body": f"see {MARKER}: not ours"})
    assert post("pull_request_opened") == "samedevice: commented on #42\n"
    assert [one["body"] for one in github.comments[1:]] == [f"{MARKER}\n| a table |\n"]
    assert post("pull_request_synchronize", "| another |\n") == "samedevice: updated the comment on #42\n"
    assert [one["body"] for one in github.comments[1:]] == [f"{MARKER}\n| another |\n"]


def test_the_same_text_is_not_written_again(github, post):
    post("pull_request_opened")
    github.comments[0]["body"] = github.comments[0]["body"].replace("\n", "\r\n").strip()  # as GitHub stores it
    assert post("pull_request_synchronize") == "samedevice: the comment on #42 says it already\n"
    assert [method for method, _ in github.calls].count("PATCH") == 0


def test_ours_is_found_behind_many_others(github, post):
    github.comments.extend({"id": number, "body": "hello"} for number in range(250))
    github.comments.append({"id": 900, "body": f"{MARKER}\nold"})
    assert post("pull_request_synchronize") == "samedevice: updated the comment on #42\n"
    assert len(github.comments) == 251


def test_names_tell_comments_apart(github, post):
    post("pull_request_opened")
    post("pull_request_opened", "| b |\n", "--name", "cuda")
    assert [one["body"].splitlines()[0] for one in github.comments] == [MARKER, "<!-- samedevice: cuda -->"]


@pytest.mark.parametrize("github", ["read", 401, 403, 404], indirect=True)
@pytest.mark.parametrize("payload", ["pull_request_fork", "pull_request_fork_deleted"])
def test_without_permission_it_says_so_and_is_no_failure(github, post, payload):
    said = post(payload)
    assert said.startswith("::notice title=samedevice::no permission to comment on #42 (40")
    assert said.endswith("; the step's summary has the table\n")
    assert github.comments == []


@pytest.mark.parametrize("payload", ["push", "schedule", "no_such_event"])
def test_without_a_pull_request_nobody_is_asked(github, post, payload):
    said = post(payload)
    assert said == (
        f"::notice title=samedevice::{payload} has no pull request to comment on; the step's summary has the table\n"
    )
    assert github.calls == []


@pytest.mark.parametrize("github", [500, 502], indirect=True)
def test_a_broken_github_is_a_warning(github, post):
    assert post("pull_request_opened").startswith("::warning title=samedevice::no comment on #42: GitHub answers 50")


def test_a_github_that_is_not_there_is_a_warning(github, post, monkeypatch):
    monkeypatch.setattr(comment, "Request", lambda url, **rest: "http://127.0.0.1:9/none")
    assert post("pull_request_opened").startswith("::warning title=samedevice::no comment on #42: <urlopen error")


def test_a_long_text_is_cut_at_a_line(github, post):
    post("pull_request_opened", "| row |\n" * 20_000)
    body = github.comments[0]["body"]
    assert len(body) < 65_536
    assert body.endswith("| row |\n\ncut here: the summary of the run has it all\n")


def test_the_token_is_never_said(github, post):
    assert all("s3cret" not in post(payload.stem) for payload in PAYLOADS.glob("*.json"))
    assert "s3cret" not in repr(comment.Thread(api="a", repository="r", number=1, token="s3cret"))

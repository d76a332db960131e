"""A served Hub, and the real client in fresh processes with nothing in their caches."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

PRELUDE = """
import json, os, sys
from pathlib import Path
from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete, HfApi
from huggingface_hub import hf_hub_download, snapshot_download
from huggingface_hub.errors import *
api = HfApi()
def refusal(call, *arguments, **options):
    try:
        call(*arguments, **options)
    except Exception as error:
        return type(error).__name__, getattr(getattr(error, "response", None), "status_code", None), str(error)
    return None
def done(**found):
    print(json.dumps(found))
"""


def start(*words, **options):
    """A server as a child, and the line that it has said."""
    given = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, **options}
    server = subprocess.Popen([sys.executable, "-m", "samedevice", "hub", "serve", *words], **given)
    return server, json.loads(server.stdout.readline())


def stop(server):
    """Let it go; it must end by itself."""
    server.stdin.close()
    server.stdout.close()
    assert server.wait(60) == 0  # a store of thousands of files takes a while to remove


def is_token_on_cdn(line):
    """The CDN has answered 400, which it does to whoever shows a token."""
    return (line["origin"], line["status"]) == ("cdn", 400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running Hub, asked as a user or as nobody."""

    line: dict
    http: httpx2.Client

    def token(self, who):
        """`alice`, `alice read` or None."""
        if who is None:
            return None
        user, _, role = who.partition(" ")
        return self.line["users"][user][role or "write"]

    def ask(self, method, path, who="alice", origin="endpoint", **words):
        """One request, whose redirects are not followed."""
        headers = {**({"authorization": f"Bearer {self.token(who)}"} if who else {}), **words.pop("headers", {})}
        address = path if path.startswith("http") else self.line[origin] + path
        return self.http.request(method, address, headers=headers, **words)

    def create(self, name, who="alice", kind="model", **words):
        """A repository; returns its id."""
        answer = self.ask("POST", "/api/repos/create", who, json={"name": name, "type": kind, **words})
        assert answer.status_code == 200, answer.text
        return answer.json()["name"]

    def commit(self, repo, files, who="alice", revision="main", **words):
        """Commit small files, path -> bytes or None to delete; returns the answer."""
        lines = [{"key": "header", "value": {"summary": "a commit", **words}}]
        for path, content in files.items():
            if content is None:
                lines.append({"key": "deletedFile", "value": {"path": path}})
            else:
                text = base64.b64encode(content).decode()
                lines.append({"key": "file", "value": {"path": path, "content": text, "encoding": "base64"}})
        body = "\n".join(json.dumps(line) for line in lines)
        return self.ask("POST", f"/api/models/{repo}/commit/{revision}", who, content=body)

    def large(self, repo, path, data, who="alice"):
        """Commit a large file by Git LFS; returns its sha256."""
        oid = hashlib.sha256(data).hexdigest()
        words = {"operation": "upload", "transfers": ["basic"], "objects": [{"oid": oid, "size": len(data)}]}
        (found,) = self.ask("POST", f"/{repo}.git/info/lfs/objects/batch", who, json=words).json()["objects"]
        if "actions" in found:
            assert self.ask("PUT", found["actions"]["upload"]["href"], None, content=data).status_code == 200
        value = {"path": path, "algo": "sha256", "oid": oid, "size": len(data)}
        body = json.dumps({"key": "lfsFile", "value": value})
        answer = self.ask("POST", f"/api/models/{repo}/commit/main", who, content=body)
        assert answer.status_code == 200, answer.text
        return oid

    def fault(self, **words):
        """Order a fault."""
        answer = self.ask("POST", "/_samedevice/faults", json=words)
        assert answer.status_code == 200, answer.text

    def log(self, **wanted):
        """The lines of the log, those whose fields are as wanted."""
        lines = [json.loads(line) for line in Path(self.line["log"]).read_text().splitlines()]
        return [line for line in lines if all(line[name] == value for name, value in wanted.items())]


@pytest.fixture(scope="session")
def served():
    server, line = start()
    with httpx2.Client(trust_env=False, verify=False, timeout=30) as http:
        yield Served(line=line, http=http)
    stop(server)


@pytest.fixture
def serving():
    """Start servers of the test's own; whatever still runs is ended."""
    running = []

    def run(*words):
        server, line = start(*words)
        running.append((server, httpx2.Client(trust_env=False, verify=False, timeout=30)))
        return server, Served(line=line, http=running[-1][1])

    yield run
    for server, http in running:
        http.close()
        if server.poll() is None:
            stop(server)
        else:
            server.communicate()


@pytest.fixture
def name(request):
    """A repository's name that no other test has."""
    word = re.sub(r"[^A-Za-z0-9]+", "-", request.node.name)[:50].strip("-")
    return f"{word}-{hashlib.sha1(request.node.nodeid.encode()).hexdigest()[:8]}"


@pytest.fixture(params=["lfs", "xet"])
def mode(request):
    """The two ways that large files go."""
    return request.param


@pytest.fixture
def client(served, tmp_path):
    """Run lines with the real client in a fresh process; what they pass to `done` comes back."""

    def run(text, who="alice", mode="lfs", python=sys.executable, **environment):
        home = tmp_path / f"home-{len(list(tmp_path.glob('home-*')))}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING"))}
        ours = {
            "HF_ENDPOINT": served.line["endpoint"],
            "HF_HOME": str(home),
            "HF_HUB_DISABLE_XET": "1" if mode == "lfs" else "0",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "DISABLE_SAFETENSORS_CONVERSION": "1",
            "NO_PROXY": "127.0.0.1,localhost",
            **({"HF_TOKEN": served.token(who)} if who else {}),
        }
        before = len(served.log())
        words = [python, "-c", PRELUDE + text]
        done = subprocess.run(
            words, env={**kept, **ours, **environment}, cwd=tmp_path, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        strange = [line for line in served.log()[before:] if line["status"] in (500, 501) or is_token_on_cdn(line)]
        assert strange == []
        return json.loads(done.stdout.splitlines()[-1])

    return run

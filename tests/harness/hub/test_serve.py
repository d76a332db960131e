"""The server's life, as a child process."""

import json
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

SERVE = [sys.executable, "-m", "samedevice", "hub", "serve"]


@contextmanager
def started(*words, **options):
    """A server and its line; killed if it has not ended by itself."""
    given = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, **options}
    with subprocess.Popen([*SERVE, *words], **given) as server:
        try:
            yield server, json.loads(server.stdout.readline())
        finally:
            server.stdin.close()
            server.wait(60)


def whoami(line, token):
    headers = {"authorization": f"Bearer {token}"}
    return httpx2.get(f"{line['endpoint']}/api/whoami-v2", headers=headers, trust_env=False).json().get("name")


def is_gone(line):
    address = urlsplit(line["endpoint"])
    with socket.socket() as client:
        return client.connect_ex((address.hostname, address.port)) != 0


def test_one_line_says_where_and_the_end_of_input_ends_it():
    with started() as (server, line):
        assert sorted(line) == ["cas", "cdn", "endpoint", "log", "pid", "store", "users"]
        assert line["pid"] == server.pid
        assert {user: sorted(roles) for user, roles in line["users"].items()} == {
            "alice": ["read", "write"],
            "bob": ["read", "write"],
        }
        assert whoami(line, line["users"]["bob"]["read"]) == "bob"
        hub, cdn = urlsplit(line["endpoint"]), urlsplit(line["cdn"])
        assert (hub.hostname, cdn.hostname) == ("127.0.0.1", "localhost")
        assert hub.port != cdn.port
        assert Path(line["store"]).is_dir()
        server.stdin.close()
        assert (server.wait(10), server.stdout.read()) == (0, "")
        assert is_gone(line)
        assert not Path(line["store"]).exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_leaves_nothing(number):
    with started(stderr=subprocess.PIPE) as (server, line):
        server.send_signal(number)
        _, errors = server.communicate(timeout=10)
        assert server.returncode in (4, 128 + signal.SIGTERM)
        assert "Traceback" not in errors
        assert not Path(line["store"]).exists()


ORPHAN = """
import subprocess, sys, time
server = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
time.sleep(60)
"""


def test_it_does_not_outlive_its_parent(tmp_path):
    words = [sys.executable, "-c", ORPHAN, *SERVE, "--store", tmp_path]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as parent:
        line = json.loads(parent.stdout.readline())
        time.sleep(1)  # an input that has always ended, /dev/null, ends nothing
        assert not is_gone(line)
        parent.kill()
        # Its end closes the pipe: an orphan would hold it open.
        assert parent.stdout.read() == ""
    assert is_gone(line)


def test_a_store_is_kept_with_its_tokens(tmp_path):
    with started("--store", tmp_path, "--log", tmp_path / "elsewhere.jsonl") as (_, first):
        token = first["users"]["alice"]["write"]
        headers = {"authorization": f"Bearer {token}"}
        words = {"json": {"name": "kept", "visibility": "private"}, "headers": headers, "trust_env": False}
        httpx2.post(f"{first['endpoint']}/api/repos/create", **words)
        refused = subprocess.run([*SERVE, "--store", tmp_path], capture_output=True, text=True, timeout=30, check=False)
        assert refused.returncode == 2
        assert refused.stderr == f"samedevice: another Hub serves {tmp_path}\n"
    with started("--store", tmp_path) as (_, second):
        assert second["users"] == first["users"]
        answer = httpx2.get(f"{second['endpoint']}/api/models/alice/kept", headers=headers, trust_env=False)
        assert answer.json()["private"] is True
    (line,) = map(json.loads, (tmp_path / "elsewhere.jsonl").read_text().splitlines())
    assert (line["method"], line["path"], line["user"]) == ("POST", "/api/repos/create", "alice")


def test_it_listens_on_this_machine_alone():
    with started() as (_, line):
        ports = [urlsplit(line[origin]).port for origin in ("endpoint", "cdn", "cas")]
        mine = {socket.gethostbyname(socket.gethostname())} - {"127.0.0.1"}
        for address in (*mine, "127.0.0.2"):
            for port in ports:
                with socket.socket() as client:
                    assert client.connect_ex((address, port)) != 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--port", "x"], "argument --port: 'x' is not a port: 0 to 65535; see samedevice hub serve --help"),
        (["--port", "70000"], "argument --port: '70000' is not a port: 0 to 65535; see samedevice hub serve --help"),
        (["--store", "/dev/null/x"], "cannot keep a Hub in /dev/null/x: Not a directory"),
        (["--store", "{store}", "--log", "/no/such/log"], "cannot write /no/such/log: No such file or directory"),
    ],
)
def test_wrong_words_are_one_line(words, message, tmp_path):
    given = [word.format(store=tmp_path) for word in words]
    done = subprocess.run([*SERVE, *given], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"samedevice: {message}\n")


def test_a_port_that_is_taken_is_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run([*SERVE, "--port", str(port)], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"samedevice: cannot listen on port {port}: Address already in use\n"


UNASKED = """
import sys
from samedevice.harness.cli import main
try:
    main(["--help"])
except SystemExit:
    print(sorted({"dulwich", "lz4", "starlette", "uvicorn"} & set(sys.modules)))
"""
HEAVY = """
import sys
import samedevice.harness.cli.door, samedevice.harness.hub.serve
print(sorted({"torch", "transformers", "numpy", "huggingface_hub", "rich", "yaml"} & set(sys.modules)))
"""
WITHOUT = """
import sys
sys.modules["starlette"] = sys.modules["dulwich"] = None
from samedevice.harness.cli import main
sys.exit(main(["hub", "serve"]))
"""


def test_nothing_heavy_is_imported():
    assert subprocess.run([sys.executable, "-c", HEAVY], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_other_commands_do_not_ask_for_the_extra():
    done = subprocess.run([sys.executable, "-c", UNASKED], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_without_the_extra_it_says_what_to_install():
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "samedevice: the Hub needs starlette: pip install 'samedevice[hub]'\n"

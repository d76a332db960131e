"""The fixture local_hub, as a stranger's project uses it; and no server is left when a run ends, by whatever end."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from samedevice.harness.hubtrip import lent, served

pytest_plugins = ["pytester"]

USES = """
    import os
    import subprocess
    import sys
    from pathlib import Path

    import pytest
    from huggingface_hub import HfApi

    PULL = "import sys, huggingface_hub as hub; print(open(hub.hf_hub_download(sys.argv[1], 'a.txt')).read())"

    @pytest.mark.parametrize("number", range(3))
    def test_push_and_pull(local_hub, number, tmp_path):
        repo = local_hub.repo_id("net")
        (tmp_path / "pushed").mkdir()
        (tmp_path / "pushed" / "a.txt").write_text(f"hello {number}")
        HfApi().create_repo(repo, private=True)
        HfApi().upload_folder(repo_id=repo, folder_path=tmp_path / "pushed")
        cold = local_hub.env | {"HF_HOME": str(tmp_path / "home"), "HF_TOKEN": local_hub.read_token}
        done = subprocess.run([sys.executable, "-c", PULL, repo], env=cold, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == f"hello {number}"
        (got,) = [one for one in local_hub.requests() if one["method"] == "GET" and one["path"].endswith("/a.txt")]
        assert (got["status"], got["user"], got["sent"]) == (200, "alice", 7)
        assert len(local_hub.requests(everything=True)) >= len(local_hub.requests())
        with pytest.raises(Exception, match="401|404"):
            HfApi(token=local_hub.other_token).model_info(repo)
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        log = Path(os.environ["RESULTS"]) / f"{worker}-{number}"
        log.write_text(f"{local_hub.endpoint} {os.environ['HF_HOME']} {repo}")
        assert "hf_" not in repr(local_hub)

    def test_fails_and_leaves_something(local_hub):
        HfApi().create_repo(local_hub.repo_id())
        assert False
"""

ENDS = """
    import json, os
    from huggingface_hub import HfApi

    def pytest_sessionfinish(session):
        if not hasattr(session.config, "workerinput"):
            told = json.loads(os.environ["SAMEDEVICE_LOCAL_HUB"])
            left = [one.id for one in HfApi(endpoint=told["endpoint"]).list_models(author="alice")]
            print("left", left)
"""


@pytest.fixture
def project(pytester, monkeypatch):
    """A stranger's project, whose tests write down which Hub and which home they had."""
    monkeypatch.setenv("RESULTS", str(pytester.mkdir("results")))
    monkeypatch.delenv(lent.VARIABLE, raising=False)
    pytester.makepyfile(test_uses=USES)
    pytester.makeconftest(ENDS)
    return pytester


def told(project):
    lines = [file.read_text().split() for file in sorted((project.path / "results").iterdir())]
    return tuple(set(column) for column in zip(*lines, strict=True))


def is_served(endpoint):
    port = int(endpoint.rpartition(":")[2])
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines() if " 0A " in line]
    return f"{port:04X}" in {place.rpartition(":")[2] for place in listening}


@pytest.mark.parametrize("words", [("--local-hub",), ("--local-hub", "-n", "2")], ids=["plain", "xdist"])
def test_one_server_for_a_run_and_a_home_for_each_process(project, words):
    result = project.runpytest_subprocess("-p", "no:cacheprovider", "-s", *words)
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["*left []*"])
    endpoints, homes, repos = told(project)
    assert (len(endpoints), len(homes), len(repos)) == (1, len(words) - 1 or 1, 3)
    assert not is_served(endpoints.pop())
    assert not any(Path(home).exists() for home in homes)


def test_the_configuration_may_say_it(project):
    (project.path / "conftest.py").unlink()
    project.makeini("[pytest]\nlocal_hub = true\n")
    result = project.runpytest_subprocess("-p", "no:cacheprovider", "-k", "push")
    result.assert_outcomes(passed=3, deselected=1)


def test_without_it_the_fixture_says_what_to_type(project):
    (project.path / "conftest.py").unlink()
    result = project.runpytest_subprocess("-p", "no:cacheprovider", "-k", "leaves")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the fixture local_hub needs `--local-hub`*"])


def test_a_run_that_is_killed_leaves_no_server(pytester, monkeypatch):
    monkeypatch.delenv(lent.VARIABLE, raising=False)
    pytester.makepyfile(
        "import json, os, time\ndef test_waits(local_hub):\n"
        "    open('endpoint', 'w').write(local_hub.endpoint)\n    time.sleep(60)\n"
    )
    run = subprocess.Popen([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--local-hub"], cwd=pytester.path)
    file = pytester.path / "endpoint"
    while not (file.exists() and file.read_text()):
        assert run.poll() is None
        time.sleep(0.05)
    assert is_served(file.read_text())
    run.send_signal(signal.SIGKILL)
    run.wait()
    until = time.monotonic() + 20
    while is_served(file.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_served(file.read_text())


def test_the_environment_is_as_it_was_afterwards(monkeypatch):
    monkeypatch.setattr("sys.modules", {name: one for name, one in sys.modules.items() if "huggingface" not in name})
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", "/before")
    before = dict(os.environ)
    with lent.lent():
        known = json.loads(os.environ[lent.VARIABLE])
        assert os.environ["HF_ENDPOINT"] == known["endpoint"]
        assert os.environ["HF_HOME"] != "/before"
        assert "HF_HUB_OFFLINE" not in os.environ
    assert dict(os.environ) == before
    assert lent.hub() is None


def test_a_client_that_asks_another_hub_already_is_refused(monkeypatch):
    class Constants:
        ENDPOINT = "https://huggingface.co"

    monkeypatch.setitem(sys.modules, "huggingface_hub.constants", Constants)
    with pytest.raises(lent.UsageError, match="imported before"):
        lent.lent().__enter__()


def test_without_the_extra_the_run_says_what_to_install(monkeypatch):
    monkeypatch.delitem(sys.modules, "huggingface_hub.constants", raising=False)  # another test may have imported it
    monkeypatch.setattr(served, "find_spec", lambda name: None)
    with pytest.raises(lent.UsageError, match=r"samedevice.hub."):
        lent.lent().__enter__()

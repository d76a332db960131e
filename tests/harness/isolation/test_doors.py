"""The command line as a user has it: interrupted, killed, resumed, and with several workers."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

# Every build leaves a line; the fourth and the eighth hang, where nobody says `go`.
MODEL = """
import time
from pathlib import Path

import torch
from torch import nn

LOG = Path("log")


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 2)
        with LOG.open("a") as log:
            log.write("built\\n")
        if LOG.read_text().count("built") in (4, 8):
            time.sleep(600)

    def forward(self, x):
        return self.linear(x)


def inputs():
    return {"x": torch.ones(1, 2)}
"""
CHECKS = ["placement", "forward", "backward", "step", "roundtrip"]


@pytest.fixture
def start(tmp_path):
    """Starts `samedevice check` of the model."""
    (tmp_path / "net.py").write_text(MODEL)
    started = []

    def command(*words):
        line = [sys.executable, "-m", "samedevice", "check", "net.py:Net", "--devices", "cpu"]
        line += ["--checks", ",".join(CHECKS), "--json", "out.json", *words]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(line, cwd=tmp_path, env={**os.environ, "COLUMNS": "100"}, **pipes))
        return started[-1]

    yield command
    for process in started:
        process.kill()
        process.communicate()


def wait_for(condition):
    deadline = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_interrupted_then_killed_then_finished(start, tmp_path):
    log, out = tmp_path / "log", tmp_path / "out.json"
    log.touch()

    process = start()
    wait_for(lambda: log.read_text().count("built") == 4)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=300)
    cells = json.loads(out.read_text())["cells"]
    done = [cell["check"] for cell in cells if cell["status"] == "pass"]
    assert done
    assert process.returncode == 4
    assert {cell["reason"] for cell in cells if cell["check"] not in done} == {"interrupted before its turn"}
    assert "interrupted; --resume goes on with what is in .samedevice/check-net.py_Net.jsonl" in err

    process = start("--resume")
    wait_for(lambda: log.read_text().count("built") == 8)
    family = psutil.Process(process.pid).children(recursive=True)
    assert len(family) >= 2  # the warden and the runner
    process.kill()
    process.communicate(timeout=300)
    wait_for(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in family))

    process = start("--resume")
    _, err = process.communicate(timeout=300)
    assert process.returncode == 0
    assert f"of {len(CHECKS)} cells are in .samedevice/check-net.py_Net.jsonl" in err
    assert int(err.partition("resumed: ")[2].split()[0]) >= len(done)
    cells = json.loads(out.read_text())["cells"]
    assert [(cell["check"], cell["status"]) for cell in cells] == [(check, "pass") for check in CHECKS]
    assert not (tmp_path / ".samedevice").exists()


def test_a_suite_in_two_workers_is_reported_in_its_order(tmp_path):
    words = ["run", "positions", "--devices", "cpu,cuda", "--targets", "rope,alibi*,diet", "--json"]

    def report(*more):
        file = tmp_path / "out.json"
        line = [sys.executable, "-m", "samedevice", *words, str(file), *more]
        subprocess.run(line, cwd=tmp_path, check=True, capture_output=True, timeout=300)
        cells = json.loads(file.read_text())["cells"]
        return [(cell["target"], cell["device"], cell["check"], cell["status"], cell["findings"]) for cell in cells]

    assert report("-j", "2") == report("-j", "0")

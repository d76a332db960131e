"""The steps of `action.yml`, run as a runner would, on the payloads of events; nothing is installed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
PAYLOADS = Path(__file__).parent / "payloads"


class Runner:
    """As much of a runner as a composite action of shell steps needs."""

    def __init__(self, folder, event, inputs):
        self.folder = folder
        self.inputs = {name: one.get("default", "") for name, one in ACTION["inputs"].items()} | inputs
        self.outputs = {}
        (folder / "temp").mkdir()
        # The runner's `python` is the one that the action installed into.
        (folder / "bin").mkdir()
        (folder / "bin/python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        (folder / "bin/python").chmod(0o755)
        self.environment = os.environ | {
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "RUNNER_TEMP": str(folder / "temp"),
            "GITHUB_EVENT_NAME": event.partition("_opened")[0],
            "GITHUB_EVENT_PATH": str(PAYLOADS / f"{event}.json"),
            "GITHUB_REPOSITORY": "octo/nets",
            "GITHUB_API_URL": "http://127.0.0.1:9",  # nobody answers
            "GITHUB_OUTPUT": str(folder / "outputs"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        }

    def value(self, expression):
        """An expression, of the few kinds that the action's environment uses."""
        kind, _, name = expression.strip().partition(".")
        if kind == "inputs":
            return self.value(self.inputs[name][3:-2]) if "${{" in self.inputs[name] else self.inputs[name]
        return {"steps": self.outputs, "github": {"token": "s3cret"}}[kind][name.removeprefix("run.outputs.")]

    def run(self):
        """Run the shell steps in their order; returns the exit code of the last, and the log."""
        log, code = "", 0
        for step in ACTION["runs"]["steps"]:
            if "run" not in step or "pip install" in step["run"]:
                continue
            env = {
                name: re.sub(r"\$\{\{(.*?)\}\}", lambda m: self.value(m[1]), text) for name, text in step["env"].items()
            }
            words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            done = subprocess.run(
                words, cwd=self.folder, env=self.environment | env, capture_output=True, text=True, check=False
            )
            log, code = log + done.stdout + done.stderr, done.returncode
            if (self.folder / "outputs").is_file():
                lines = (self.folder / "outputs").read_text().splitlines()
                self.outputs = dict(line.split("=", 1) for line in lines)
        return code, log


@pytest.fixture
def runner(tmp_path):
    key = {"target": "run", "check": "audit", "device": "cpu", "kind": "real", "status": "pass"}
    lines = [{"schema": "samedevice-baseline/1"}, key]
    (tmp_path / "base.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "run").mkdir()
    return lambda event, **inputs: Runner(tmp_path, event, inputs)


@pytest.mark.parametrize("event", ["push", "pull_request_opened"])
def test_a_cut_checkpoint_fails_the_job_and_is_said_everywhere(runner, tmp_path, event):
    (tmp_path / "run/model.safetensors").write_bytes(b"cut")
    code, log = runner(event, args="audit run", baseline="base.jsonl").run()
    assert code == 1
    assert "::error title=SD711 model.safetensors::" in log
    assert "FAILS: 1 FAIL" in (tmp_path / "summary").read_text()
    why = "push has no pull request to comment on" if event == "push" else "no comment on #42: <urlopen error"
    assert why in log
    assert "s3cret" not in log


def test_wrong_words_fail_the_job_with_their_own_code(runner, tmp_path):
    code, log = runner("push", args="audit nowhere").run()
    assert code == 2
    assert "no such file or directory: nowhere" in log
    assert "exit code 2" in (tmp_path / "summary").read_text()


def test_no_comment_where_nobody_wants_one():
    (step,) = (step for step in ACTION["runs"]["steps"] if "ci.comment" in step.get("run", ""))
    assert step["if"] == "inputs.comment == 'true'"

"""What the action's step writes for the steps after it, whatever samedevice ends with."""

import json

import pytest

from samedevice.harness.ci import action

CELL = {"target": "net", "device": {"name": "cpu", "kind": "real"}, "check": "forward", "status": "pass"}
FLAW = {"code": "SD301", "severity": "warning", "message": "m", "subject": "mask"}


@pytest.fixture
def step(tmp_path, monkeypatch):
    """Runs the step in a folder: its outputs, and the summary."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))

    def run(*words):
        assert action.main([*words, "--out", "out"]) == 0
        lines = (tmp_path / "outputs").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines), (tmp_path / "summary").read_text()

    return run


@pytest.fixture
def report(tmp_path):
    def write(name, *cells):
        data = {"schema": "samedevice/1", "environment": {}, "cells": cells}
        (tmp_path / name).write_text(json.dumps(data))
        return name

    return write


def test_a_run_without_a_baseline_decides_itself(step, tmp_path):
    (tmp_path / "bad.safetensors").write_bytes(b"1")
    outputs, summary = step("--args=audit 'bad.safetensors'")
    assert outputs["exit-code"] == "1"
    assert "SD711" in summary
    assert (tmp_path / outputs["comment"]).read_text() in summary
    assert len(json.loads((tmp_path / "out/report.json").read_text())["cells"]) == 1


def test_reports_of_a_matrix_are_gated_together(step, report, tmp_path, capfd):
    first, second = report("a.json", CELL), report("b.json", {**CELL, "check": "step", "findings": [FLAW]})
    (tmp_path / "base.jsonl").write_text('{"schema": "samedevice-baseline/1"}\n')
    outputs, summary = step("--reports", first, second, "--baseline=base.jsonl")
    assert outputs["exit-code"] == "1"
    assert "The gate FAILS: 1 FAIL, 1 IMPROVED." in summary
    assert "samedevice gate a.json b.json --baseline base.jsonl --update" in summary
    assert "The gate FAILS: 1 FAIL, 1 IMPROVED." in capfd.readouterr().out  # the log has the table too


def test_the_level_reaches_the_gate(step, report, tmp_path):
    name = report("b.json", {**CELL, "findings": [FLAW]})
    key = {"target": "net", "check": "forward", "device": "cpu", "kind": "real", "status": "pass"}
    (tmp_path / "base.jsonl").write_text('{"schema": "samedevice-baseline/1"}\n' + json.dumps(key) + "\n")
    outputs, _ = step("--reports", name, "--baseline=base.jsonl", "--fail-level=error")
    assert outputs["exit-code"] == "0"


def test_a_run_that_did_not_happen_is_no_clean_run(step):
    outputs, summary = step("--args=audit nothing-here")
    assert (outputs["exit-code"], outputs["sarif"]) == ("2", "")
    assert "samedevice did not run to its end: exit code 2" in summary


def test_a_baseline_that_is_not_there(step, report):
    outputs, summary = step("--reports", report("a.json", CELL), "--baseline=gone.jsonl")
    assert outputs["exit-code"] == "2"
    assert "The gate could not be asked: exit code 2" in summary


def test_outside_of_github_it_runs_too(step, report, monkeypatch):
    monkeypatch.delenv("GITHUB_OUTPUT")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY")
    assert action.main(["--reports", report("a.json", CELL), "--out", "out"]) == 0

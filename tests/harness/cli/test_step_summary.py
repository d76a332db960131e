import json

import pytest

from samedevice.harness import catalog

REPORT = {
    "schema": "samedevice/1",
    "environment": {},
    "cells": [{"target": "a", "device": {"name": "cpu", "kind": "real"}, "check": "c", "status": "pass"}],
}


@pytest.fixture
def report(tmp_path, monkeypatch):
    """A report's file, and renderers that say which they are."""
    monkeypatch.setattr(catalog, "renderer", lambda fmt: lambda report: f"{fmt} of {len(report.cells)}\n")
    (tmp_path / "r.json").write_text(json.dumps(REPORT))
    return tmp_path / "r.json"


@pytest.fixture
def summary(tmp_path, monkeypatch):
    """The file that GitHub would show beside the step; an earlier command has written to it."""
    file = tmp_path / "summary.md"
    file.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    return file


def test_annotations_come_with_a_summary_of_the_step(run, report, summary):
    assert run("report", report, "--format", "github")[:2] == (0, "github of 1\n")
    assert summary.read_text() == "before\nsummary of 1\n"


@pytest.mark.parametrize("words", [("--format", "table"), ("--format", "github", "-o", "out.txt")])
def test_other_formats_and_files_leave_it_alone(run, report, summary, words, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert run("report", report, *words)[0] == 0
    assert summary.read_text() == "before\n"


def test_outside_of_a_workflow_there_is_none(run, report, monkeypatch):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    assert run("report", report, "--format", "github")[:2] == (0, "github of 1\n")


def test_a_file_that_cannot_be_written_is_named(run, report, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "no/summary.md"))
    code, _, (told,) = run("report", report, "--format", "github")
    assert code == 2
    assert told.startswith(f"samedevice: cannot write {tmp_path}/no/summary.md, which GITHUB_STEP_SUMMARY names: ")

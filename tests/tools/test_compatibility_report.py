"""The committed report is written and checked by one tool."""

import json
from pathlib import Path
from runpy import run_path

import pytest

from samedevice.harness import catalog
from samedevice.harness.gate import loaded
from samedevice.harness.result import Status

ROOT = Path(__file__).parents[2]
PATH = ROOT / "tools/compatibility_report.py"
CELL = {"suite": "math", "target": "rope", "check": "forward", "status": "pass"}
CPU, CUDA, CARD = (
    {"device": {"name": name, "kind": kind}}
    for name, kind in (("cpu", "real"), ("cuda:0", "virtual"), ("cuda:0", "real"))
)
FLAW = {"code": "SD301", "severity": "warning", "message": "m", "subject": "mask"}


@pytest.fixture
def tool(tmp_path):
    """Runs the tool on reports of these cells, in a folder of its own."""
    loaded_tool = run_path(str(PATH))
    loaded_tool["main"].__globals__["FOLDER"] = tmp_path / "compatibility"

    def run(*reports, words=()):
        files = []
        for number, cells in enumerate(reports):
            files.append(tmp_path / f"{number}.json")
            files[-1].write_text(json.dumps({"schema": "samedevice/1", "environment": {}, "cells": cells}))
        return loaded_tool["main"]([*map(str, files), *words])

    return run


def test_it_writes_the_baseline_and_every_installed_format(tool, tmp_path):
    assert tool([CELL | CPU], [CELL | CUDA]) == 0
    written = {path.name for path in (tmp_path / "compatibility").iterdir()}
    assert {"baseline.jsonl", "report.md"} <= written
    assert ("report.html" in written) == ("html" in catalog.formats())
    assert "2 cells (1 real, 1 virtual)" in (tmp_path / "compatibility/report.md").read_text()


def test_it_holds_no_times_and_no_machine(tool, tmp_path):
    tool(
        [
            CELL
            | CPU
            | {"seconds": 4.25, "measures": {"forward_seconds": 0.125, "forward_success": 3, "forward_success_of": 3}}
        ]
    )
    text = (tmp_path / "compatibility/report.md").read_text()
    assert "(3/3)" in text
    assert not any(word in text for word in ("time", "ms", "4.25", "0.125", "git"))


def test_each_run_is_compared_as_far_as_it_goes(tool, capsys):
    tool([CELL | CPU], [CELL | CUDA])
    assert tool([CELL | CUDA], words=["--check"]) == 0
    assert tool([CELL | CPU, CELL | CUDA], words=["--check"]) == 0
    capsys.readouterr()
    assert tool([CELL | CUDA | {"findings": [FLAW]}], words=["--check"]) == 1
    assert "SD301" in capsys.readouterr().out


def test_a_new_cell_makes_it_stale_and_says_what_to_type(tool, capsys):
    tool([CELL | CPU])
    assert tool([CELL | CPU, CELL | CPU | {"target": "alibi"}], words=["--check"]) == 1
    assert "To accept this, type and commit:\n  python tools/compatibility_report.py\n" in capsys.readouterr().out


def test_a_cell_that_is_gone_makes_it_stale(tool):
    tool([CELL | CPU, CELL | CPU | {"target": "alibi"}])
    assert tool([CELL | CPU], words=["--check"]) == 1
    assert (
        tool([CELL | CPU, CELL | CPU | {"target": "alibi", "status": "not-checked", "reason": "x"}], words=["--check"])
        == 4
    )


def test_a_real_card_is_left_out(tool, capsys):
    tool([CELL | CPU, CELL | CARD])
    assert tool([CELL | CARD], words=["--check"]) == 0
    assert "nothing of this run is compared" in capsys.readouterr().out
    assert tool([CELL | CPU, CELL | CARD | {"findings": [FLAW]}], words=["--check"]) == 0


def test_what_is_new_needs_a_reason(tool, capsys):
    sick = CELL | CPU | {"findings": [FLAW]}
    assert tool([sick]) == 1
    assert "1 new: say why to accept" in capsys.readouterr().err
    assert tool([sick], words=["--reason", "upstream"]) == 0
    assert tool([sick]) == 0


def test_a_wrong_file_is_one_line(tool, tmp_path, capsys):
    assert tool(words=[str(tmp_path / "gone.json"), "--check"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_committed_report_is_whole():
    folder = ROOT / "reports/compatibility"
    baseline = loaded((folder / "baseline.jsonl").read_text(), "baseline.jsonl")
    assert {key.kind for key in baseline if key.device != "cpu"} == {"virtual"}
    assert f": {len(baseline)} cells (" in (folder / "report.md").read_text()
    assert Status.ERROR not in {known.status for known in baseline.values()}

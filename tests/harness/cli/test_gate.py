"""`samedevice gate`: its exit codes, what it writes, and what it says to wrong files."""

import json

import pytest

from samedevice.harness import catalog
from samedevice.reports.gate import json as gate_json

CELL = {"target": "net.py:Net", "device": {"name": "cuda:0", "kind": "virtual"}, "check": "forward", "status": "pass"}
FLAW = {
    "code": "SD201",
    "severity": "error",
    "message": "m",
    "subject": "scale",
    "origin": {"file": "net.py", "line": 9},
}
SICK = {**CELL, "status": "fail", "findings": [FLAW]}
OPEN = {**CELL, "status": "not-checked", "reason": "no inputs"}


@pytest.fixture
def gate(run, tmp_path, monkeypatch):
    """Runs the command in a folder on reports of these cells: exit code, standard output, lines of standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(catalog, "gate_renderer", {"table": gate_json.render, "json": gate_json.render}.__getitem__)

    def command(*reports, words=()):
        names = []
        for number, cells in enumerate(reports):
            names.append(f"r{number}.json")
            data = {"schema": "samedevice/1", "environment": {}, "cells": cells}
            (tmp_path / names[-1]).write_text(json.dumps(data))
        return run("gate", *names, "--baseline", "b.jsonl", *words)

    return command


@pytest.fixture
def lines(tmp_path):
    return lambda: (tmp_path / "b.jsonl").read_text().splitlines()[1:]


def test_without_a_baseline_it_says_how_to_write_one(gate):
    code, out, err = gate([CELL])
    assert (code, out) == (2, "")
    assert err == ["samedevice: no baseline b.jsonl; samedevice gate r0.json --baseline b.jsonl --update writes it"]


def test_a_first_baseline_and_a_run_that_holds(gate, lines):
    code, out, err = gate([CELL], words=["--update"])
    assert (code, out, err) == (0, "", ["samedevice: b.jsonl holds 1 cells: 1 added, 0 removed, 0 changed"])
    assert len(lines()) == 1
    code, out, err = gate([CELL])
    assert (code, err) == (0, ["samedevice: the gate holds: 1 PASS"])
    assert json.loads(out)["fails"] is False


def test_a_regression_fails_with_the_command_that_would_accept_it(gate):
    gate([CELL], words=["--update"])
    code, out, err = gate([SICK])
    assert (code, err) == (1, ["samedevice: the gate fails: 1 FAIL"])
    data = json.loads(out)
    assert data["update"] == "samedevice gate r0.json --baseline b.jsonl --update --reason why"
    assert data["cells"][0]["findings"][0]["origin"] == {"file": "net.py", "line": 9}


def test_an_update_that_would_accept_without_a_reason_is_refused(gate, lines):
    gate([CELL], words=["--update"])
    before = lines()
    code, _, err = gate([SICK], words=["--update"])
    assert (code, lines()) == (2, before)
    assert err == [
        "samedevice: 1 flaw is not in the baseline yet: say why to accept: "
        "samedevice gate r0.json --baseline b.jsonl --update --reason why"
    ]
    assert gate([SICK], words=["--update", "--reason", " "])[0] == 2
    assert gate([SICK], words=["--update", "--reason", "upstream #7"])[0] == 0
    assert json.loads(lines()[1])["reason"] == "upstream #7"
    assert gate([SICK])[0] == 0


def test_an_improvement_fails_with_the_exact_command(gate):
    gate([SICK], words=["--update", "--reason", "x"])
    code, out, err = gate([CELL])
    assert (code, err) == (1, ["samedevice: the gate fails: 1 IMPROVED"])
    assert json.loads(out)["update"] == "samedevice gate r0.json --baseline b.jsonl --update"
    assert gate([CELL], words=["--update"])[0] == 0
    assert gate([CELL])[0] == 0


def test_a_missing_cell_fails(gate):
    gate([CELL], words=["--update"])
    assert gate([])[::2] == (1, ["samedevice: the gate fails: 1 MISSING"])


def test_what_was_checked_and_is_not_exits_with_4(gate):
    gate([CELL], words=["--update"])
    assert gate([OPEN])[::2] == (4, ["samedevice: the gate was not checked in full: 1 NOT CHECKED"])
    other = {**CELL, "check": "generate"}
    assert gate([OPEN, other])[0] == 1  # a new cell is worse than an open one


def test_several_reports_show_a_flake(gate):
    gate([SICK], words=["--update", "--reason", "x"])
    code, out, _ = gate([SICK], [CELL])
    assert (code, json.loads(out)["counts"]) == (1, {"FLAKY": 1})
    assert gate([SICK], [CELL], words=["--update", "--reason", "a race"])[0] == 0
    assert gate([CELL])[0] == 0


def test_the_level(gate):
    gate([CELL], words=["--update"])
    warned = {**CELL, "findings": [{**FLAW, "severity": "warning"}]}
    assert [gate([warned], words=["--fail-level", level])[0] for level in ("error", "warning", "note")] == [0, 1, 1]


def test_times_are_compared_where_somebody_asks(gate):
    fast = {**CELL, "measures": {"forward_seconds": 0.1}, "device": {"name": "cpu", "kind": "real"}}
    slow = {**CELL, "measures": {"forward_seconds": 0.5}}
    gate([fast, slow], words=["--update"])
    codes = [gate([fast, slow], words=words)[0] for words in ([], ["--max-overhead", "6"], ["--max-overhead", "4"])]
    assert codes == [0, 0, 1]
    gate([slow], words=["--update"])
    assert gate([slow], words=["--max-overhead", "6"])[0] == 4


def test_the_comparison_goes_to_a_file(gate, tmp_path):
    gate([CELL], words=["--update"])
    assert gate([CELL], words=["--format", "json", "-o", "out.json"])[:2] == (0, "")
    assert json.loads((tmp_path / "out.json").read_text())["counts"] == {"PASS": 1}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--reason", "x"], "--reason says why --update accepts something: give both"),
        (["--max-overhead", "fast"], "argument --max-overhead: 'fast' is no ratio"),
        (["--max-overhead", "nan"], "argument --max-overhead: 'nan' is no ratio"),
        (["--fail-level", "bad"], "argument --fail-level: invalid choice: 'bad'"),
        (["-o", "/no/such/folder/out"], "cannot write /no/such/folder/out"),
    ],
)
def test_wrong_words(gate, words, message):
    gate([CELL], words=["--update"])
    code, out, err = gate([CELL], words=words)
    assert (code, out, len(err)) == (2, "", 1)
    assert err[0].startswith(f"samedevice: {message}")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("r.json", None, "cannot read r.json: No such file or directory"),
        ("r.json", b"{", "r.json is not JSON: "),
        ("r.json", b"{}", "r.json is not a samedevice report: schema is None, want 'samedevice/1'"),
        ("r.json", b'{"schema": "samedevice/0"}', "r.json is not a samedevice report: schema is 'samedevice/0', want "),
        ("b.jsonl", b"{", "b.jsonl:1 is no line of a samedevice baseline: "),
        ("b.jsonl", b"\xff", "b.jsonl is no samedevice baseline: it is not UTF-8 text"),
        ("b.jsonl", b'{"schema": "samedevice/1"}', "b.jsonl:1 is no line of a samedevice baseline: schema is "),
    ],
)
def test_wrong_files_are_one_line(gate, run, tmp_path, name, content, message):
    gate([CELL], words=["--update"])
    (tmp_path / "r0.json").rename(tmp_path / "r.json")
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, out, err = run("gate", "r.json", "--baseline", "b.jsonl")
    assert (code, out, len(err)) == (2, "", 1)
    assert err[0].startswith(f"samedevice: {message}")


def test_a_baseline_that_is_a_folder(gate, run, tmp_path):
    gate([CELL], words=["--update"])
    assert run("gate", "r0.json", "--baseline", str(tmp_path))[::2] == (
        2,
        [f"samedevice: cannot read {tmp_path}: Is a directory"],
    )


def test_a_report_from_standard_input(gate, run, monkeypatch, tmp_path):
    gate([CELL], words=["--update"])
    with (tmp_path / "r0.json").open() as piped:
        monkeypatch.setattr("sys.stdin", piped)
        assert run("gate", "-", "--baseline", "b.jsonl")[0] == 0

import json
import os

import pytest

from samedevice.harness import engine


@pytest.mark.parametrize(("name", "code"), [("make", 1), ("make_fixed", 0), ("warned", 1), ("Crash", 1)])
def test_check_exits_with_what_it_found(cpu, case, name, code):
    assert cpu(f"{case}:{name}")[0] == code


def test_check_prints_the_report_and_a_last_line(cpu, case):
    code, out, err = cpu(f"{case}:make")
    assert (code, out) == (1, "make cpu forward fail\nmake cpu generate not-checked\n")
    assert err[-1] == "samedevice: 2 cells (1 fail, 1 not-checked), 1 finding"


def test_json_on_standard_output_is_nothing_but_json(cpu, case):
    _, out, err = cpu(f"{case}:make", "--format", "json")
    assert [cell["status"] for cell in json.loads(out)["cells"]] == ["fail", "not-checked"]
    assert "hello from the target" in err


def test_a_crash_of_the_target_is_a_cell_with_its_line(cpu, case):
    _, out, _ = cpu(f"{case}:Crash", "--format", "json")
    cell = json.loads(out)["cells"][0]
    assert cell["status"] == "error"
    assert cell["reason"].startswith("ValueError: crashed (")
    assert cell["reason"].endswith("case.py:26)")


def test_output_files(cpu, case, tmp_path):
    code, out, _ = cpu(f"{case}:make", "-o", tmp_path / "table.txt", "--json", tmp_path / "out.json")
    assert (code, out) == (1, "")
    assert (tmp_path / "table.txt").read_text().startswith("make cpu forward fail")
    assert len(json.loads((tmp_path / "out.json").read_text())["cells"]) == 2


def test_checks_narrow(cpu, case):
    assert cpu(f"{case}:make", "--checks", "forward")[1] == "make cpu forward fail\n"


def test_inputs_are_named(cpu, case):
    case.write_text(case.read_text() + "\ndef none():\n    return {}\n")
    _, out, _ = cpu(f"{case}:make_fixed", "--inputs", f"{case}:none", "--format", "json")
    assert "missing 1 required positional argument: 'x'" in json.loads(out)["cells"][0]["reason"]


def test_where_nothing_was_checked_the_code_is_4(cpu, case):
    code, _, err = cpu(f"{case}:make", "--checks", "generate")
    assert (code, err[-1]) == (4, "samedevice: 1 cell (1 not-checked), 0 findings; nothing was checked")


def test_required_devices(cpu, case):
    words = (f"{case}:make_fixed", "--checks", "forward", "--require")
    assert cpu(*words, "cpu")[0] == 0
    code, _, err = cpu(*words, "cpu,real:xpu:9")
    assert code == 4
    assert err[-1].endswith("; real:xpu:9 was required and not checked")


def test_a_real_device_that_is_not_there(run, case):
    code, out, _ = run("check", f"{case}:make_fixed", "--devices", "cpu,real:xpu:9", "--checks", "forward")
    assert (code, out) == (0, "make_fixed cpu forward pass\nmake_fixed xpu:9 forward not-checked\n")


def test_ctrl_c_reports_what_is_there(cpu, case, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)  # the journal of an interrupted run stays
    asked = []

    def interrupted(cell, *_):
        asked.append(cell)
        if len(asked) > 1:
            raise KeyboardInterrupt
        return result_of(cell)

    result_of = engine.result_of
    monkeypatch.setattr(engine, "refuse_unloadable", lambda *_: None)
    monkeypatch.setattr(engine, "result_of", interrupted)
    code, out, err = cpu(f"{case}:make_fixed", "--format", "json")
    assert code == 4
    assert [cell["reason"] for cell in json.loads(out)["cells"]] == [None, "interrupted before its turn"]
    assert err[-1] == "samedevice: 2 cells (1 pass, 1 not-checked), 0 findings; interrupted"


@pytest.fixture
def no_account(monkeypatch):
    """Nobody has chosen a Hub, and nobody has a token."""
    monkeypatch.setenv("SAMEDEVICE_HUB", "local")
    monkeypatch.delenv("HF_TOKEN", raising=False)


def test_the_real_hub_needs_a_token(run, case, no_account):
    code, out, err = run("check", f"{case}:make", "--hub", "real")
    assert (code, out) == (2, "")
    assert err == ["samedevice: --hub real needs a token that may write: set HF_TOKEN"]


def test_the_choice_of_the_hub_reaches_what_runs(cpu, case, no_account, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_x")
    assert cpu(f"{case}:make_fixed", "--hub", "real")[0] == 0
    assert os.environ["SAMEDEVICE_HUB"] == "real"
    assert cpu(f"{case}:make_fixed", "--hub", "moon")[0] == 2

"""Every door sets suppressed findings aside: the command line, Python, pytest, the audit."""

import json
import subprocess
import sys

import pytest
import torch

import samedevice
from samedevice.harness.cli import main
from samedevice.harness.errors import UsageError

pytest_plugins = ["pytester"]

NET = """
import torch
from torch import nn

class Net(nn.Module):
    def forward(self, x):
        mask = torch.ones(4){}
        return x * mask.to(x.device)

def inputs():
    return {{"x": torch.ones(2, 4)}}
"""
SAID = "  # samedevice: ignore[SD301] -- four floats"
WORDS = ("--devices", "cuda", "--checks", "transfers")
ENTRY = '[tool.samedevice]\nignore = [{ code = "SD301", subject = "mask", reason = "four floats" }]\n'


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def write(comment="", config=None):
        (tmp_path / "net.py").write_text(NET.format(comment))
        if config is not None:
            (tmp_path / "pyproject.toml").write_text(config)
        return tmp_path

    return write


@pytest.mark.parametrize(("comment", "config", "line"), [(SAID, None, 7), ("", ENTRY, 2)])
def test_the_command_line(project, capsys, comment, config, line):
    folder = project(comment, config)
    assert main(["check", "net.py:Net", *WORDS, "--json", "out.json"]) == 0
    (cell,) = json.loads((folder / "out.json").read_text())["cells"]
    (one,) = cell["suppressed"]
    assert (one["finding"]["code"], one["reason"], one["place"]["line"]) == ("SD301", "four floats", line)
    printed = capsys.readouterr()
    assert "SD301 warning mask, net.py:Net on cuda:0 (virtual), transfers: four floats" in printed.out
    assert "no findings; 1 suppressed." in printed.out
    assert printed.err == "samedevice: 1 cell (1 pass), 0 findings and 1 suppressed\n"
    assert main(["report", "out.json", "--format", "markdown"]) == 0
    assert "## Suppressed" in capsys.readouterr().out


def test_a_wrong_configuration_costs_no_run(project, capsys):
    project(config='[tool.samedevice]\nignore = [{ code = "SD301" }]\n')
    assert main(["check", "net.py:Net", *WORDS]) == 2
    assert "gives no reason" in capsys.readouterr().err


def test_python(project):
    project(SAID)
    report = samedevice.check("net.py:Net", devices=["cuda"], checks=["transfers"])
    assert report.ok
    assert [one.reason for one in report.suppressed] == ["four floats"]
    project(config="[tool.samedevice]\nignore = 1\n")
    with pytest.raises(UsageError, match="no list of tables"):
        samedevice.check("net.py:Net", devices=["cuda"], checks=["transfers"])


def test_the_round_trip_from_python(project):
    project(config='[tool.samedevice]\nignore = [{ code = "SD515", reason = "an old format" }]\n')
    report = samedevice.roundtrip(torch.nn.Linear(2, 2), torch.ones(1, 2), formats=["pickled"])
    assert [(one.finding.code, one.reason) for one in report.suppressed] == [("SD515", "an old format")]


def test_pytest(pytester):
    pytester.makepyfile(
        net=NET.format(SAID),
        test_net="""
        from net import Net, inputs

        def test_report(samedevice):
            assert samedevice.check(Net, inputs=inputs, devices=["cuda"], checks=["transfers"]).ok
        """,
    )
    pytester.syspathinsert()
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["suppressed", "*SD301 warning mask*four floats*"])


def test_the_audit(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.safetensors").write_bytes(b"1")
    assert main(["audit", "bad.safetensors"]) == 1
    entry = '{ code = "SD711", subject = "bad*", reason = "a fixture" }'
    (tmp_path / "pyproject.toml").write_text(f"[tool.samedevice]\nignore = [{entry}]\n")
    assert main(["audit", "bad.safetensors"]) == 0
    assert "a fixture" in capsys.readouterr().out


def test_the_audit_still_imports_no_torch(tmp_path):
    (tmp_path / "bad.safetensors").write_bytes(b"1")
    text = "import sys; from samedevice.harness.cli import main\nmain(['audit', '.'])\nprint('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", text], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"

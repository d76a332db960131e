"""The README does what it says: its examples are run, its output compared."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from samedevice.harness.cli import main
from samedevice.harness.cli.door import COMMANDS

pytest_plugins = ["pytester"]

README = (Path(__file__).parents[2] / "README.md").read_text()
NET, FROM_PYTHON, FROM_PYTEST = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
CHECK = next(block for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL) if "samedevice check" in block)


@pytest.fixture
def net(tmp_path, monkeypatch):
    """The README's net.py in the working directory."""
    (tmp_path / "net.py").write_text(NET)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", [module.__name__.rpartition(".")[2] for module in COMMANDS])
def test_every_command_has_its_row(command):
    assert f"\n| `samedevice {command}" in README


def test_the_check_prints_what_it_shows(net, capsys, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    command, _, shown = CHECK.split("\n", 2)
    assert main(command.split()[2:]) == 1
    printed = capsys.readouterr().out
    assert printed[printed.index("checks of") :].strip() == shown.strip()


def test_the_python_example_holds(net):
    (net / "example.py").write_text(FROM_PYTHON)
    subprocess.run([sys.executable, "example.py"], cwd=net, check=True, timeout=120)


def test_the_pytest_example_fails_where_it_says(pytester):
    pytester.makepyfile(net=NET, test_net=FROM_PYTEST)
    pytester.syspathinsert()
    result = pytester.runpytest_subprocess("-v", "--devices", "cpu,cuda,mps")
    result.assert_outcomes(passed=3, failed=3)
    result.stdout.fnmatch_lines(["*test_forward[[]cpu[]] PASSED*", "*test_report FAILED*", "*= samedevice =*"])

"""The reference says what there is: every command with its help, every public name with its docstring."""

import re
from importlib import import_module
from pathlib import Path
from runpy import run_path

import pytest

import samedevice
from samedevice.harness import check, device, finding, measure, report, result, suite, target
from samedevice.suites import ModelSuite

ROOT = Path(__file__).parents[2]
PYTHON = (ROOT / "docs/reference/python.md").read_text()
NAMES = re.findall(r"^\.\. autoapi\w+:: (\S+)$", PYTHON, re.MULTILINE)


def test_the_commands_say_what_their_help_says(monkeypatch):
    monkeypatch.setenv("COLUMNS", "102")  # the tool sets it, and this puts it back
    tool = run_path(str(ROOT / "tools/list_commands.py"))
    assert tool["PAGE"].read_text(encoding="utf-8") == tool["text"](), "python tools/list_commands.py"


def found(name):
    module, _, attribute = name.rpartition(".")
    return getattr(import_module(module), attribute)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_page_names_is_defined_there_and_documented(name):
    thing = found(name)  # autoapi passes over in silence what it does not find
    assert thing.__module__ == name.rpartition(".")[0]
    assert thing.__doc__


def test_every_public_name_and_noun_is_on_the_page():
    nouns = (check.Check, device.Device, finding.Finding, measure.Measure, report.Report, result.Result)
    public = [getattr(samedevice, name) for name in samedevice.__all__]
    listed = [found(name) for name in NAMES]
    for thing in (*public, *nouns, suite.Suite, target.Target, ModelSuite):
        assert thing in listed
    assert all(f"`samedevice.{name}`" in PYTHON for name in samedevice.__all__)

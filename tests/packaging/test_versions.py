"""Versions are said in several places; they must say the same."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LINES = (ROOT / "constraints.txt").read_text().splitlines()
RANGES = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
PINS = dict(line.split("==") for line in LINES if line and not line.startswith("#"))


def canonical(name):
    return name.replace("_", "-").lower()


def test_the_pins_lie_within_the_declared_ranges():
    pins = {canonical(name): pin for name, pin in PINS.items()}
    pinned = [one for one in RANGES if canonical(one.name) in pins]
    assert {"torch", "transformers"} <= {one.name for one in pinned}
    assert [str(one) for one in pinned if pins[canonical(one.name)] not in one.specifier] == []


def test_pre_commit_runs_the_ruff_of_tox():
    assert re.findall(r"rev: v(\S+)", (ROOT / ".pre-commit-config.yaml").read_text()) == [PINS["ruff"]]


@pytest.mark.parametrize("wanted", RANGES, ids=lambda one: one.name)
def test_the_readme_says_which_versions_ran(wanted):
    lines = (ROOT / "README.md").read_text().splitlines()
    row = next(line for line in lines if line.startswith(f"| {wanted.name} |"))
    lowest, highest = re.findall(r"\| ([\d.]+)", row)
    (floor,) = (one.version for one in wanted.specifier if one.operator == ">=")
    assert Version(lowest) == Version(floor)
    assert highest in wanted.specifier


def test_ci_runs_the_second_command_of_the_readme():
    installs = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("python3 -m venv")]
    assert len(installs) == 2
    assert installs[1] in (ROOT / ".ci/run").read_text().splitlines()

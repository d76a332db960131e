"""Our own doors without our own suites, checks and renderers."""

import json
import sys
from dataclasses import asdict

import pytest
import torch

from samedevice.harness import catalog
from samedevice.harness.check import Check
from samedevice.harness.cli import main, words
from samedevice.harness.errors import NotChecked, UsageError
from samedevice.harness.finding import Finding
from samedevice.harness.suite import Suite
from samedevice.harness.target import Target

CASE = """
from samedevice.harness.finding import Severity
from torch import nn

print("hello from the target")

class Net(nn.Module):
    def forward(self, x):
        return x

def make():
    net = Net()
    net.broken = Severity.ERROR
    return net

def make_fixed():
    return Net()

def warned():
    net = Net()
    net.broken = Severity.WARNING
    return net

class Crash(Net):
    def forward(self, x):
        raise ValueError("crashed")

def inputs():
    return {"x": 1}
"""


def named(name, run):
    return Check(name=name, title="", question="", run=run)


def forward(target, device):
    model = target.build()
    model(**target.inputs())
    if hasattr(model, "broken"):
        yield Finding(code="SD201", message="mixed", severity=model.broken)


def generate(target, device):
    raise NotChecked("does not generate")
    yield


def training(target, device):
    print("epoch 1")
    yield from ()


CHECKS = {"forward": named("forward", forward), "generate": named("generate", generate)}
SUITE = Suite(
    name="math",
    title="",
    targets=lambda: tuple(Target(name=name, build=torch.nn.Identity) for name in ("rope/gpt2", "alibi/gpt2")),
    checks=(named("training", training), CHECKS["generate"]),
)


def suites(names):
    for name in names:
        if name != "math":
            raise UsageError(f"unknown suite {name!r}")
    return (SUITE,)


def as_json(report):
    return json.dumps({"cells": [asdict(cell) for cell in report.cells]})


def as_table(report):
    return "\n".join(
        f"{cell.target.rpartition(':')[2]} {cell.device.name} {cell.check} {cell.status}" for cell in report.cells
    )


@pytest.fixture(autouse=True)
def fakes(monkeypatch):
    renderers = {"json": as_json, "table": as_table}

    def renderer(fmt):
        if fmt not in renderers:
            raise UsageError(f"unknown format {fmt!r}")
        return renderers[fmt]

    monkeypatch.setattr(catalog, "renderer", renderer)
    monkeypatch.setattr(catalog, "suites", suites)
    monkeypatch.setattr(catalog, "checks", lambda names=(): tuple(CHECKS[name] for name in names or CHECKS))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(words, "DEFAULT_JOBS", 0)  # a worker would not find the fakes


@pytest.fixture
def case(tmp_path):
    path = tmp_path / "case.py"
    path.write_text(CASE)
    return path


@pytest.fixture
def run(capsys):
    """Runs one command: exit code, standard output and the lines on standard error."""

    def command(*words):
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err.splitlines()

    return command


@pytest.fixture
def cpu(run):
    """Runs `check` of a target on the CPU alone."""
    return lambda target, *words: run("check", target, "--devices", "cpu", *words)

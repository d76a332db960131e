"""Cells of the checks, and small things to feed."""

import pytest
import torch

from samedevice.harness.device import Device
from samedevice.harness.engine import run
from samedevice.harness.plan import Cell
from samedevice.harness.target import Target

DEVICES = {
    "cpu": Device(kind="cpu"),
    "cuda": Device(kind="cuda", virtual=True),
    "mps": Device(kind="mps", virtual=True),
}


def row_of_numbers():
    return {"x": torch.linspace(-1, 1, 8).reshape(2, 4)}


@pytest.fixture
def cell():
    """`cell(check, factory, on="cpu")` is the result, whatever came of it."""

    def of(check, build, on="cpu", inputs=row_of_numbers):
        target = Target(name="specimen", build=build, inputs=inputs)
        (result,) = run([Cell(target=target, device=DEVICES[on], check=check)])
        return result

    return of


@pytest.fixture
def findings(cell):
    """`findings(check, factory, on="cpu")` is what was found; a cell that was not checked fails the test."""

    def of(check, build, on="cpu", inputs=row_of_numbers):
        result = cell(check, build, on, inputs)
        assert result.reason is None, result.reason
        return list(result.findings)

    return of

"""Cells of a suite, run by the engine as in a real run."""

import pytest

from samedevice.harness.device import Device
from samedevice.harness.engine import run
from samedevice.harness.plan import Cell
from samedevice.harness.target import Target


@pytest.fixture(params=["cpu", "cuda", "mps"])
def device(request):
    """The CPU and two virtual devices: these tests need no accelerator, and use none that is there."""
    return Device(kind=request.param, virtual=request.param != "cpu")


@pytest.fixture
def outcome():
    """`outcome(check, target or factory, device)` is the result of that cell."""

    def of(check, target, device, inputs=None):
        if not isinstance(target, Target):
            target = Target(name="specimen", build=target, inputs=inputs)
        (result,) = run([Cell(target=target, device=device, check=check, suite="test")])
        assert result.reason is None, result.reason
        return result

    return of

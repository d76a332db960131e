import pytest

from samedevice.harness.device import Device
from samedevice.harness.environment import Environment
from samedevice.harness.finding import Finding, Location
from samedevice.harness.report import Report
from samedevice.harness.result import Result, Status

HERE = Environment(samedevice="1", torch="2", transformers="5", python="3", platform="p", git=None)


@pytest.fixture
def cell():
    """A maker of results: a healthy one, but for what the test says."""

    def make(**fields):
        device = Device(kind="cuda", virtual=True)
        return Result(**{"target": "net", "device": device, "check": "forward", "status": Status.PASS, **fields})

    return make


@pytest.fixture
def report():
    """A maker of reports."""
    return lambda *cells: Report(environment=HERE, cells=cells)


@pytest.fixture
def finding():
    """A maker of findings."""

    def make(code="SD201", **fields):
        told = {"message": "mixed", "subject": "scale", "origin": Location(file="net.py", line=9), **fields}
        return Finding(code=code, **told)

    return make

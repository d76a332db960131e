import pytest

from samedevice.harness.check import Check
from samedevice.harness.device import Device
from samedevice.harness.finding import Finding, Location, Severity
from samedevice.harness.plan import Cell
from samedevice.harness.result import Result, Status
from samedevice.harness.target import Target

CUDA, CUDA_1, MPS = (
    Device(kind=kind, index=index, virtual=True) for kind, index in (("cuda", 0), ("cuda", 1), ("mps", 0))
)


@pytest.fixture
def source(tmp_path):
    """A maker of places: a line of a file with this text."""
    path = tmp_path / "net.py"

    def make(text):
        path.write_text(text)
        return lambda line: Location(file=str(path), line=line)

    return make


@pytest.fixture
def result():
    """A maker of results of `transfers`."""

    def make(*findings, device=CUDA, target="net", check="transfers", **fields):
        failed = any(finding.severity is Severity.ERROR for finding in findings)
        status = Status.FAIL if failed else Status.PASS
        told = {"target": target, "device": device, "check": check, "status": status, "findings": findings}
        return Result(**{**told, **fields})

    return make


@pytest.fixture
def finding():
    """A maker of findings."""

    def make(code="SD301", **fields):
        return Finding(**{"code": code, "message": "made", "severity": Severity.WARNING, "subject": "mask", **fields})

    return make


@pytest.fixture
def plan():
    """A maker of plans: these checks of one target on the devices that a stale suppression needs."""

    def make(*checks, devices=(CUDA, CUDA_1, MPS), target="net"):
        asked = [Check(name=check, title="", question="", run=lambda target, device: iter(())) for check in checks]
        return [
            Cell(target=Target(name=target, build=object), device=device, check=check)
            for device in devices
            for check in asked
        ]

    return make

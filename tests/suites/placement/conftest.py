"""A virtual device under test, and the findings that a check has on it."""

import inspect

import pytest
import torch

from samedevice.harness.device import Device
from samedevice.harness.engine import run
from samedevice.harness.plan import Cell
from samedevice.harness.result import Status
from samedevice.harness.target import Target

DEVICES = {
    "cuda": Device(kind="cuda", virtual=True),
    "cuda:1": Device(kind="cuda", index=1, virtual=True),
    "mps": Device(kind="mps", virtual=True),
}


def batch():
    return (torch.linspace(-1, 1, 6).view(2, 3),)


@pytest.fixture(params=DEVICES)
def device(request):
    return DEVICES[request.param]


@pytest.fixture
def findings(device):
    """`findings(check, factory)` is what the check found; a target that crashes fails the test."""

    def of(check, build, inputs=batch, on=device):
        target = Target(name="specimen", build=build, inputs=inputs)
        (result,) = run([Cell(target=target, device=on, check=check)])
        assert result.status in (Status.PASS, Status.FAIL), result.reason
        return list(result.findings)

    return of


@pytest.fixture
def blames(findings):
    """`blames(check, cls, code, subject)`: so says the first finding, and names the line marked `# born`."""

    def of(check, build, code, subject, **options):
        found = findings(check, build, **options)
        assert found
        first = found[0]
        source, start = inspect.getsourcelines(build)
        (line,) = [number for number, text in enumerate(source, start) if text.rstrip().endswith("# born")]
        assert (first.code, first.subject) == (code, subject)
        assert (first.origin.file, first.origin.line) == (inspect.getsourcefile(build), line)
        assert first.hint
        return first

    return of

"""Models that come back from disk different: the sick twin is found and its culprit named, the healthy one is clean."""

import re
from pathlib import Path

import pytest

from samedevice.harness import engine, loading
from samedevice.harness.check import Check
from samedevice.harness.device import Device
from samedevice.harness.finding import Severity
from samedevice.harness.plan import Cell
from samedevice.harness.result import Status
from samedevice.suites.serialization.roundtrip import ROUNDTRIP, in_natural_format

FOLDER = Path(__file__).parent / "serialization"
SPECIMENS = sorted(FOLDER.glob("*.py"))
CPU = Device(kind="cpu")

# Without the fresh process, which takes seconds: only those whose disease shows nowhere else pay for it.
HERE = Check(name="roundtrip", title="", question="", run=in_natural_format)


def check_of(specimen):
    return ROUNDTRIP if "\nFRESH = True\n" in specimen.read_text() else HERE


def checked(specimen, twin):
    target = loading.target(f"{specimen}:{twin}")
    (result,) = engine.run([Cell(target=target, device=CPU, check=check_of(specimen))])
    return result


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda path: path.stem)
def test_the_sick_twin_is_found_and_its_culprit_named(specimen):
    (culprit,) = re.findall(r'^CULPRIT = "(.+)"$', specimen.read_text(), re.MULTILINE)
    result = checked(specimen, "make")
    assert result.status is Status.FAIL, result.reason
    errors = [finding for finding in result.findings if finding.severity is Severity.ERROR]
    assert any(culprit in (finding.subject or "") or culprit in finding.message for finding in errors), errors
    assert all(finding.code.startswith(("SD5", "SD7")) for finding in errors)


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda path: path.stem)
def test_the_healthy_twin_is_clean(specimen):
    result = checked(specimen, "make_fixed")
    assert (result.status, result.has_problem) == (Status.PASS, False), (result.reason, result.findings)


def test_there_are_enough():
    assert len(SPECIMENS) >= 30

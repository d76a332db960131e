"""The suite as a whole: every encoding is healthy under every check, on the CPU and on virtual devices."""

import ast
from pathlib import Path

import pytest

from samedevice.harness.result import Status
from samedevice.models.encodings import ENCODINGS
from samedevice.suites import positions
from samedevice.suites.positions import SUITE
from samedevice.suites.positions.checks import CHECKS

FOLDER = Path(positions.__file__).parent


@pytest.mark.parametrize("target", SUITE.targets(), ids=lambda target: target.name)
def test_every_encoding_is_healthy(outcome, target, device):
    for check in CHECKS:
        result = outcome(check, target, device)
        assert result.findings == ()
        assert result.status is Status.PASS


def test_every_encoding_is_a_target():
    assert [target.name for target in SUITE.targets()] == list(ENCODINGS)


def test_the_list_of_checks_is_complete():
    defined = {
        file.stem
        for file in FOLDER.glob("*.py")
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and node.value.func.id == "Check"
    }
    assert defined == {check.name for check in CHECKS}
    assert len(CHECKS) == len(defined)


def test_every_check_has_its_specimens():
    assert all((Path(__file__).parent / f"test_{check.name}.py").exists() for check in CHECKS)

"""The suite as a whole."""

import ast
from pathlib import Path

from samedevice.harness.codes import CODES
from samedevice.models.backbones import BACKBONES
from samedevice.models.encodings import ENCODINGS
from samedevice.suites import math
from samedevice.suites.math import SUITE
from samedevice.suites.math.methods import METHODS

FOLDER = Path(math.__file__).parent


def test_every_method_of_the_seeds_on_every_backbone():
    assert set(METHODS) < set(ENCODINGS)
    assert len(METHODS) == 8
    assert [target.name for target in SUITE.targets()] == [f"{m}_{b}" for b in BACKBONES for m in METHODS]


def test_the_list_of_checks_is_complete():
    defined = {
        node.value.keywords[0].value.value
        for file in FOLDER.glob("*.py")
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and node.value.func.id == "Check"
    }
    assert [check.name for check in SUITE.checks] == ["forward", "generate", "padding"]
    assert defined == {check.name for check in SUITE.checks}


def test_every_check_has_its_specimens():
    here = Path(__file__).parent
    assert all((here / f"test_{check.name}.py").exists() for check in SUITE.checks)


def test_codes_are_known():
    used = {word for file in FOLDER.glob("*.py") for word in CODES if word in file.read_text()}
    assert {"SD801", "SD802", "SD401", "SD402", "SD803"} <= used

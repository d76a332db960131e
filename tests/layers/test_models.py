"""Files of models/ can be copied out: they import torch, the libraries around it, and each other."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALLOWED = {"torch", "transformers", "huggingface_hub", *sys.stdlib_module_names}
FILES = sorted((ROOT / "models").rglob("*.py"))


def imported(file):
    """What a file imports: `torch.nn`, or `..harness.target` for a relative one."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def is_inside(name, file):
    """True where a relative import stays within models/."""
    up = len(name) - len(name.lstrip("."))
    return up <= len(file.relative_to(ROOT / "models").parts)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_imports(file):
    strange = {
        name
        for name in imported(file)
        if not (is_inside(name, file) if name.startswith(".") else name.partition(".")[0] in ALLOWED)
    }
    assert strange <= ({"..harness.target"} if file.name == "targets.py" else set())

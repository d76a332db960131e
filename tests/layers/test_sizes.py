"""Small files and small functions: the limits of CONTRIBUTING.md, and the few functions that are over one."""

import ast
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
FILES = [file for folder in ("harness", "models", "reports", "suites") for file in (ROOT / folder).rglob("*.py")]
LONGEST_FILE, MEDIAN_FILE, LONGEST_FUNCTION, MOST_PARAMETERS = 300, 120, 40, 5

# Whoever brings one below the limit takes it out here: the comparison is exact.
OVER = {
    "harness/virtual/agreement.py _refuse",  # a refusal says seven things, each another part of its message
    "harness/virtual/refusal.py refuse",
    "models/modeling_reasoner.py forward",  # a signature that transformers reads
    "suites/positions/device.py _elsewhere",
}


def place(file):
    return file.relative_to(ROOT).as_posix()


def parameters(function):
    """What a caller must give: options with a default do not count, and torch's (func, args, kwargs) is one call."""
    given = function.args
    positional = [one.arg for one in (*given.posonlyargs, *given.args)]
    required = positional[: len(positional) - len(given.defaults)]
    required += [one.arg for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default is None]
    return len(set(required) - {"self", "cls", "args", "kwargs"})


def is_over(function):
    length = function.end_lineno - function.lineno + 1
    return length > LONGEST_FUNCTION or parameters(function) > MOST_PARAMETERS


def test_files_are_small():
    lengths = {place(file): len(file.read_text().splitlines()) for file in FILES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}
    assert median(lengths.values()) < MEDIAN_FILE


def test_functions_are_small():
    functions = {
        f"{place(file)} {node.name}": node
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef)
    }
    assert {name for name, node in functions.items() if is_over(node)} == OVER

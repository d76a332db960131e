"""The source of a model's own classes: where it says something, and whether it says what depends on the process."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

from torch import nn

from ..finding import Location
from ..reach.territory import is_library

# What a builtin of this name gives depends on the hash seed or on addresses.
_SALTED = ("hash", "set", "frozenset", "id")

# Asked alone, these give the same of a set in any order.
_ORDERLESS = ("len", "max", "min", "sorted")


def assigned(holder: object, name: str) -> Location | None:
    """The line of an object's class, or of one that it extends, that gives an attribute or buffer its name."""
    for cls in type(holder).__mro__:
        for node in ast.walk(_tree(cls)):
            if _names(node, name):
                return Location(file=inspect.getfile(cls), line=_line(cls) + node.lineno - 1)  # type: ignore[attr-defined]
    return None


def salted(model: nn.Module) -> tuple[Location, ...]:
    """Lines in the files of a model's own classes where a hash, a set or an address is made; `hash` first."""
    files = dict.fromkeys(file for module in model.modules() if (file := own_file(type(module))) is not None)
    found = [(_SALTED.index(word), file, line) for file in files for word, line in _salted_lines(file)]
    return tuple(Location(file=file, line=line) for _, file, line in sorted(found))


def _salted_lines(file: str) -> tuple[tuple[str, int], ...]:
    try:
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, UnicodeDecodeError):
        return ()
    return tuple(_salted(tree))


def _salted(tree: ast.AST) -> Iterator[tuple[str, int]]:
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    orderless = {id(operand) for node in nodes for operand in _without_order(node)}
    for node in nodes:
        word = _word(node)
        if word is not None and (id(node) not in orderless or word in ("hash", "id")):
            yield word, node.lineno


def _word(node: ast.expr) -> str | None:
    """What of `_SALTED` is made here. A number's hash is the number: a set of numbers has one order."""
    if isinstance(node, ast.Set):
        is_same = all(isinstance(item, ast.Constant) and isinstance(item.value, int | float) for item in node.elts)
        return None if is_same else "set"
    if isinstance(node, ast.SetComp):
        return "set"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SALTED:
        return node.func.id
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "__hash__":
        return "hash"
    return None


def _without_order(node: ast.expr) -> list[ast.expr]:
    """What is only compared, searched (`x in {...}`), counted or sorted here."""
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _ORDERLESS:
        return [] if node.keywords else node.args
    return []


def own_file(cls: type) -> str | None:
    """The file of a class that no library has written; None for one of a shell, or made by hand."""
    if is_library(cls.__module__):
        return None
    try:
        return inspect.getfile(cls)
    except (OSError, TypeError):
        return None


def _names(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        flat = [item for target in targets for item in (target.elts if isinstance(target, ast.Tuple) else [target])]
        return any(isinstance(target, ast.Attribute) and target.attr == name for target in flat)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr.startswith("register_"):
        return any(isinstance(argument, ast.Constant) and argument.value == name for argument in node.args[:1])
    return False


def _tree(cls: type) -> ast.AST:
    if own_file(cls) is None:
        return ast.Module(body=[], type_ignores=[])
    try:
        return ast.parse(dedent(inspect.getsource(cls)))
    except (OSError, TypeError, SyntaxError):
        return ast.Module(body=[], type_ignores=[])


def _line(cls: type) -> int:
    return inspect.getsourcelines(cls)[1]

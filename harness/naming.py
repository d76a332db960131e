"""The name that a line of source gives to the tensor it creates, read from the file and never guessed."""

import ast
import linecache
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_REGISTERING = ("register_buffer", "register_parameter")
_FILLING = ("add", "append", "appendleft", "extend", "insert", "setdefault", "update")
_MAKING = ("clone", "cpu", "cuda", "detach", "from_numpy", "numpy", "to")
_NO_TENSOR = ("Generator", "Size", "device", "dtype", "finfo", "iinfo")
_ASKING = ("current_", "get_", "is_")
_BLAND = ("input", "out", "param", "tensor")
_ROOTS = ("torch", "np", "numpy")
_SELF = ("self.", "cls.")

Position = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Binding:
    """A name and the stretch of source, from and to (line, column), whose tensors it is given to."""

    name: str
    start: Position
    end: Position

    def covers(self, line: int, column: int | None) -> bool:
        if column is None:
            return self.start[0] <= line <= self.end[0]
        return self.start <= (line, column) < self.end


def bound_name(file: str, line: int, column: int | None = None) -> str | None:
    """The name that the tensor created at this line is bound to; None where the line gives it none, or several.

    `total = torch.zeros(1)` gives `total`, `self.norm.mean = ...` gives `norm.mean`,
    `register_buffer("mean", ...)` gives `mean`, `self.cache[key] = ...` and `out.append(...)` give
    the container. Also named: `with ... as`, `for`, walrus, keyword arguments that create a tensor,
    and defaults of a `def`. The innermost of these around the line wins; where a line has several
    side by side, `column` (0-based, in bytes, as in `co_positions`) tells them apart. A file that is
    missing, is not Python or does not parse gives None.
    """
    covering = [binding for binding in _bindings(file, _stamp(file)) if binding.covers(line, column)]
    inner = [one for one in covering if not any(_inside(other, one) for other in covering)]
    if len(inner) > 1:  # side by side on one line: only what is around all of them is certain
        around = [one for one in covering if all(one is other or _inside(other, one) for other in inner)]
        inner = [one for one in around if not any(_inside(other, one) for other in around)]
    return inner[0].name if len(inner) == 1 else None


def source_line(file: str, line: int) -> str:
    """The text of the line without the space around it; empty where it is not known."""
    lines = _lines(file)
    return lines[line - 1].strip() if 1 <= line <= len(lines) else ""


def _inside(inner: _Binding, outer: _Binding) -> bool:
    same = (inner.start, inner.end) == (outer.start, outer.end)
    return inner is not outer and not same and outer.start <= inner.start and inner.end <= outer.end


def _lines(file: str) -> list[str]:
    try:
        linecache.checkcache(file)
        return linecache.getlines(file)
    except (OSError, ValueError):  # a name that cannot be a file's
        return []


def _stamp(file: str) -> tuple[int, int] | None:
    try:
        status = os.stat(file)
    except (OSError, ValueError):  # an interactive cell, or no file name at all
        return None
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=256)
def _bindings(file: str, stamp: tuple[int, int] | None) -> tuple[_Binding, ...]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a user's invalid escape is not our news
            tree = ast.parse("".join(_lines(file)))
        return tuple(binding for node in ast.walk(tree) for binding in _of(node))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()


def _of(node: ast.AST) -> Iterator[_Binding]:
    match node:
        case ast.Assign(targets=[target, *_], value=value):
            yield from _assigned(node, target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.AugAssign(target=target, value=value):
            yield from _assigned(node, target, value)
        case ast.NamedExpr(target=target, value=value) if _has_call(value):
            yield _binding(_target(target), node, value)
        case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
            yield _binding(_target(target), target, value)
        case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
            yield _binding(_target(target), value, target)
        case ast.keyword(arg=str(name), value=value) if name not in _BLAND and _makes_tensor(value):
            yield _binding(name, node, value)
        case ast.arguments():
            yield from _defaults(node)
        case ast.Call(func=ast.Attribute(attr=method, value=owner)) if method in _REGISTERING:
            yield from _registered(node, owner)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=method, value=owner))) if method in _FILLING:
            yield _binding(_target(owner), node, node)


def _assigned(statement: ast.AST, target: ast.expr, value: ast.expr) -> Iterator[_Binding]:
    yield _binding(_target(target), statement, value)
    if not (isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List)):
        return
    if len(target.elts) == len(value.elts) and not any(isinstance(one, ast.Starred) for one in target.elts):
        for one, part in zip(target.elts, value.elts, strict=True):
            if _has_call(part):
                yield _binding(_target(one), part, part)


def _defaults(arguments: ast.arguments) -> Iterator[_Binding]:
    positional = [*arguments.posonlyargs, *arguments.args]
    named = [*zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True)]
    named += [(one, value) for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value]
    for argument, value in named:
        if _has_call(value):
            yield _binding(argument.arg, argument, value)


def _registered(call: ast.Call, owner: ast.expr) -> Iterator[_Binding]:
    names = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "name")]
    for name in names:
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            path = _target(owner)
            full = name.value if path in ("self", "cls") else f"{path}.{name.value}"
            yield _binding(full, call, call)


def _binding(name: str, first: ast.AST, last: ast.AST) -> _Binding:
    return _Binding(
        name=name,
        start=(first.lineno, first.col_offset),  # type: ignore[attr-defined]  # all that come here have a place
        end=(last.end_lineno, last.end_col_offset),  # type: ignore[attr-defined]
    )


def _target(target: ast.expr) -> str:
    """The target as an attribute path: without `self`, and without the subscript of an element that is set."""
    if isinstance(target, ast.Tuple | ast.List):
        return ", ".join(map(_target, target.elts))
    while isinstance(target, ast.Subscript | ast.Starred):
        target = target.value
    path = ast.unparse(target)
    return next((path.removeprefix(word) for word in _SELF if path.startswith(word)), path)


def _has_call(value: ast.expr) -> bool:
    return any(isinstance(node, ast.Call) for node in ast.walk(value))


def _makes_tensor(value: ast.expr) -> bool:
    """True where the expression makes a tensor, as `torch.zeros(...)`, `x.new_ones(...)` and `x.cpu()` do at once."""
    if isinstance(value, ast.Lambda):
        return False
    return any(_is_maker(node.func) for node in ast.walk(value) if isinstance(node, ast.Call))


def _is_maker(function: ast.expr) -> bool:
    if not isinstance(function, ast.Attribute):
        return False
    root: ast.expr = function
    while isinstance(root, ast.Attribute):
        root = root.value
    method = function.attr
    of_torch = isinstance(root, ast.Name) and root.id in _ROOTS
    of_torch = of_torch and method not in _NO_TENSOR and not method.startswith(_ASKING)
    return of_torch or method in _MAKING or method.startswith("new_")

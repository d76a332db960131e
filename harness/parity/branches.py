"""Lines of a class that decide by the device, by the process or by the clock: where to look for a difference."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from textwrap import dedent

from torch import nn

from ..finding import Location
from ..reach.territory import is_library

_DEVICE_WORDS = frozenset(
    {"device", "device_type", "is_autocast_enabled", "is_available", "is_cpu", "is_cuda", "is_mps", "is_xpu"}
)
_RAW = frozenset({"empty", "empty_like", "new_empty", "empty_strided"})
_ENTROPY = _RAW | {
    *(
        "default_rng",
        "monotonic",
        "monotonic_ns",
        "now",
        "perf_counter",
        "perf_counter_ns",
        "time",
        "time_ns",
        "token_bytes",
        "urandom",
        "uuid4",
    ),
    *("Random", "SystemRandom", "getpid", "random", "seed"),
}


def device_branch(cls: type) -> Location | None:
    """The first line of a class that branches on a device or switches autocast on."""
    return next(_lines(cls, _asks_for_device), None)


def entropy(cls: type) -> Location | None:
    """The first line of a class that calls what differs from one call to the next: clocks, entropy, raw memory."""
    return next(_lines(cls, _draws), None)


def raw(cls: type) -> Location | None:
    """The first line of a class that allocates memory without writing to it."""
    return next(_lines(cls, lambda node: isinstance(node, ast.Call) and _word(node.func) in _RAW), None)


def forward_line(cls: type) -> Location | None:
    """The line where a class defines its forward."""
    code = getattr(getattr(cls, "forward", None), "__code__", None)
    return None if code is None else Location(file=code.co_filename, line=code.co_firstlineno)


def own_forward(model: nn.Module) -> Location | None:
    """The line where the outermost module that no library has written defines its forward, else the model's own."""
    own = (type(module) for module in model.modules() if not is_library(type(module).__module__))
    return forward_line(next(own, type(model)))


def _lines(cls: type, holds: Callable[[ast.AST], bool]) -> Iterator[Location]:
    for owner in cls.__mro__:
        if owner.__module__.partition(".")[0] in ("torch", "builtins"):
            continue
        try:
            source, start = inspect.getsourcelines(owner)
            tree = ast.parse(dedent("".join(source)))
            file = inspect.getfile(owner)
        except (OSError, TypeError, SyntaxError):
            continue
        found = sorted({node.lineno for node in ast.walk(tree) if holds(node)})  # type: ignore[attr-defined]
        yield from (Location(file=file, line=start + line - 1) for line in found)


def _asks_for_device(node: ast.AST) -> bool:
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        return any(_word(inner) in _DEVICE_WORDS for inner in ast.walk(node.test))
    return isinstance(node, ast.withitem | ast.Call) and _word(getattr(node, "func", None)) == "autocast"


def _draws(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _word(node.func) in _ENTROPY


def _word(node: ast.AST | None) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None

"""Mixing: the tensor of another dtype that an operation met, and the line that made it."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from ..finding import Location
from ..naming import bound_name
from ..reach import reach
from ..roundtrip.running import as_it_was, copied
from ..subject import call
from ..virtual import origins

# What PyTorch says where two floating dtypes meet in an operator that does not promote.
MIXED = re.compile(
    r"same dtype|expected scalar type|should be the same|same scalar type|Found dtype|expected .* to have .*dtype|"
    r"does not match|must match .*dtype|must be the same type|expected dtype|dtypes? .* but (?:got|found)|"
    r"mixed dtype|dtypes? must be the same|self\.dtype to be equal to|without overflow|"
    r"cannot be converted to type|result type",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A tensor of another dtype: its name, its dtype, the line that made it, the line and function where it met."""

    name: str | None
    dtype: str
    origin: Location | None
    use: Location | None
    op: str


def stray(model: nn.Module, inputs: Any, wanted: torch.dtype) -> Stray | None:
    """Call a model that raises, and say which tensor of another floating dtype was an argument of what raised."""
    watch = _Watch(wanted)
    try:
        with as_it_was(model), torch.no_grad(), watch:
            call(model, copied(inputs))
    # It raises, which is why it is asked.
    except Exception:
        pass
    if watch.failed is None:
        return None
    op, use, met = watch.failed
    if met is None:
        return Stray(name=None, dtype=str(wanted), origin=None, use=use, op=op)
    first, origin = watch.roots.get(id(met), (met, None))
    held = next((r.path for r in reach(model) if r.tensor is first), None)
    name = held or (bound_name(origin.file, origin.line) if origin is not None else None)
    return Stray(name=name, dtype=str(met.dtype), origin=origin, use=use, op=op)


class _Watch(TorchFunctionMode):
    """Remembers which tensor, and line, each floating tensor of another dtype goes back to; and what raised first."""

    def __init__(self, wanted: torch.dtype) -> None:
        super().__init__()
        self.wanted = wanted
        self.roots: dict[int, tuple[Tensor, Location | None]] = {}
        self.failed: tuple[str, Location | None, Tensor | None] | None = None
        self._alive: list[Tensor] = []

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        given = [value for value in (*args, *(kwargs or {}).values()) if isinstance(value, Tensor)]
        foreign = [value for value in given if self._is_foreign(value)]
        try:
            out = func(*args, **(kwargs or {}))
        except Exception:
            if self.failed is None:
                name = getattr(func, "__name__", str(func))
                self.failed = name, origins.here(sys._getframe(1)), foreign[0] if foreign else None
            raise
        if isinstance(out, Tensor) and id(out) not in self.roots and self._is_foreign(out):
            here = origins.here(sys._getframe(1))
            first = foreign[0] if foreign else out
            self.roots[id(out)] = self.roots.get(id(first), (first, None if foreign else here))
            self._alive.append(out)
        return out

    def _is_foreign(self, tensor: Tensor) -> bool:
        with torch._C.DisableTorchFunction():
            return tensor.is_floating_point() and tensor.dtype != self.wanted

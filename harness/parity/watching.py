"""Watching: the calls of PyTorch in which a model draws random numbers, with their lines."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from ..finding import Location
from ..roundtrip.running import answer
from ..virtual import origins

# Functions that draw for nothing else than to drop out.
_DROPPING = frozenset(
    {"dropout", "dropout_", "alpha_dropout", "alpha_dropout_", "feature_dropout", "feature_dropout_"}
    | {"feature_alpha_dropout", "native_dropout", "scaled_dot_product_attention"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """One call that moved PyTorch's generator: its name, whether it drops out, and the line of the program."""

    name: str
    drops: bool
    line: Location | None


def draws(model: nn.Module, inputs: Any) -> tuple[Draw, ...]:
    """The calls in which a model draws from the CPU's generator, each line once; PyTorch's own modules count too."""
    watch = _Watch()
    with watch:
        answer(model, inputs)
    return tuple(dict.fromkeys(watch.seen))


class _Watch(TorchFunctionMode):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Draw] = []

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        before = torch.default_generator.get_state()
        out = func(*args, **(kwargs or {}))
        if not torch.equal(before, torch.default_generator.get_state()):
            name = getattr(func, "__name__", str(func))
            self.seen.append(Draw(name=name, drops=name in _DROPPING, line=origins.here(sys._getframe(1))))
        return out

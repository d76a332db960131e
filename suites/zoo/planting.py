"""Planting: a stray tensor in a healthy model, at a place that its forward passes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import torch
from torch import Tensor, nn

from ...harness.aside import aside
from ...harness.errors import NotChecked
from ...harness.subject import call
from ...models.strays import STRAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """What was planted: its kind, the path of the module that holds it, and the name that a finding must say."""

    kind: str
    module: str
    name: str


def kind_for(name: str) -> str:
    """The kind of stray for an architecture: chosen by its name, the same everywhere."""
    return tuple(STRAYS)[crc32(name.encode()) % len(STRAYS)]


def plant(model: nn.Module, fed: Any, name: str) -> Stray:
    """Put one stray into a model on the CPU. Raises `NotChecked` where no module can hold one.

    The place is one of the leaves that a forward calls and whose output is a float32 tensor, chosen by the name. The
    forward runs once more afterwards, so that a cache is filled before the model moves.
    """
    kind = kind_for(name)
    places = sorted(_called(model, fed))
    random.Random(name).shuffle(places)
    for path in places:
        module = model.get_submodule(path)
        try:
            stray = Stray(kind=kind, module=path, name=STRAYS[kind](module))
        except LookupError:  # this module has nothing of the kind
            continue
        with aside(), torch.no_grad():
            call(model, fed)
        return stray
    raise NotChecked(f"no stray of the kind {kind!r} can be planted: no leaf module returns a float32 tensor")


def _called(model: nn.Module, fed: Any) -> set[str]:
    """The paths of the leaves that a forward calls, as far as they return a float32 tensor with a shape."""
    called: set[str] = set()
    hooks = [module.register_forward_hook(_noting(path, called)) for path, module in _leaves(model)]
    with aside(), torch.no_grad():
        call(model, fed)
    for handle in hooks:
        handle.remove()
    return called


def _leaves(model: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    return (
        (path, module) for path, module in model.named_modules() if path and not any(True for _ in module.children())
    )


def _noting(path: str, called: set[str]) -> Any:
    def note(module: nn.Module, args: Any, output: Any) -> None:
        if isinstance(output, Tensor) and output.dtype is torch.float32 and output.dim():
            called.add(path)

    return note

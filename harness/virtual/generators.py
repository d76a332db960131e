"""Generators: where each belongs and who made it. C++ hands out new Python objects for one, so its address counts."""

from __future__ import annotations

import weakref

import torch
from torch import Tensor

from .labels import Label

_LABELS: dict[int, Label] = {}


def put(generator: torch.Generator, label: Label) -> None:
    """Note where a generator belongs and which line made it, for as long as it lives."""
    key = address(generator)
    _LABELS[key] = label
    weakref.finalize(generator, _LABELS.pop, key, None)


def get(generator: torch.Generator) -> Label | None:
    """The label of a generator; None where it was made before anyone watched."""
    return _LABELS.get(address(generator))


def place_of(generator: torch.Generator) -> torch.device:
    """Where a generator belongs."""
    label = get(generator)
    return generator.device if label is None else label.device


def same(value: object, generator: torch.Generator | Tensor | None) -> bool:
    """Whether a value is this generator, be it by another Python object."""
    if not isinstance(value, torch._C.Generator) or not isinstance(generator, torch._C.Generator):
        return False
    return address(value) == address(generator)


def address(generator: torch.Generator) -> int:
    """What all Python objects for one generator have in common."""
    return int(generator._cdata)  # type: ignore[attr-defined]

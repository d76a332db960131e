"""Outside: what a model's own classes and their modules hold, and no instance does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

from torch import nn

from ..reach.territory import own_classes
from .fingerprint import fingerprint
from .state import entries

_CODE = (FunctionType, ModuleType, type, staticmethod, classmethod, property)


def outside(model: nn.Module) -> dict[str, str]:
    """Fingerprints of class attributes (`Net.scale`) and of globals (`SEEN`) in the files of the model's classes."""
    own = own_classes(model.modules())
    found = {f"{cls.__qualname__}.{name}": value for cls in own for name, value in _values(vars(cls))}
    for home in dict.fromkeys(cls.__module__ for cls in own):
        found |= dict(_values(vars(sys.modules.get(home, ModuleType("")))))
    return {name: fingerprint(value, _weights) for name, value in found.items()}


def _weights(value: Any) -> str | None:
    """A module that is nobody's child counts by its tensors too: no state dict has them."""
    if not isinstance(value, nn.Module):
        return None
    tensors = {entry.name: fingerprint(entry.tensor) for entry in entries(value)}
    return f"{type(value).__qualname__} {tensors}"


def _values(names: Any) -> Iterator[tuple[str, Any]]:
    for name, value in dict(names).items():
        if not name.startswith("__") and not isinstance(value, _CODE) and not callable(value):
            yield name, value

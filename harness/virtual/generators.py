"""Generators: where each belongs. C++ hands out new Python objects for the same generator, so its address counts."""

from __future__ import annotations

import weakref

import torch

_PLACES: dict[int, torch.device] = {}


def place(generator: torch.Generator, device: torch.device) -> None:
    """Note where a generator belongs, for as long as it lives."""
    address: int = generator._cdata  # type: ignore[attr-defined]
    _PLACES[address] = device
    weakref.finalize(generator, _PLACES.pop, address, None)


def place_of(generator: torch.Generator) -> torch.device:
    """Where a generator belongs."""
    return _PLACES.get(generator._cdata, generator.device)  # type: ignore[attr-defined]

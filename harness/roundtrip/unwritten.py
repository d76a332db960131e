"""Unwritten: what a loaded model holds and nobody has put there, neither the file nor the constructor."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from .bits import is_raw
from .census import Census, Slot
from .running import answer


def unwritten(hand: nn.Module, loaded: nn.Module, inputs: Any) -> tuple[str, ...]:
    """Paths of tensors outside the saved state that are raw memory or on `meta` in the loaded model alone.

    A scratch tensor that every call overwrites is none of them.
    """
    before = Census(hand).slots
    found = [path for path, slot in Census(loaded).slots.items() if _is_raw(slot) and not _is_raw(before.get(path))]
    if not found or inputs is None:
        return tuple(found)
    seen: list[str] = []
    answer(loaded, inputs, before_leaving=lambda: seen.extend(_still(loaded, found)))
    return tuple(seen)


def _still(loaded: nn.Module, paths: list[str]) -> list[str]:
    slots = Census(loaded).slots
    return [path for path in paths if _is_raw(slots.get(path))]


def _is_raw(slot: Slot | None) -> bool:
    return slot is not None and isinstance(slot.value, Tensor) and is_raw(slot.value)

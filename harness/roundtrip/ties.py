"""Ties: names of tensors that lie in one storage, before a load and after it."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from .bits import storage_key
from .census import Census
from .state import entries

Groups = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """Groups of two or more names; `registered` are the names that are parameters or buffers."""

    groups: Groups
    registered: frozenset[str]
    parameters: frozenset[str]

    def joins(self, one: str, other: str) -> bool:
        """True where two names share memory."""
        return any(one in group and other in group for group in self.groups)

    def pairs(self) -> list[tuple[str, str]]:
        """Every first name of a group with each of the others, sorted."""
        lists = [sorted(group) for group in self.groups]
        return sorted((names[0], other) for names in lists for other in names[1:])


def ties(model: nn.Module) -> Ties:
    """The ties among parameters, buffers and tensors that are plain attributes."""
    registered = {entry.name: entry.tensor for entry in entries(model)}
    parameters = frozenset(entry.name for entry in entries(model) if entry.kind == "parameter")
    named = {path: slot.value for path, slot in Census(model).slots.items() if isinstance(slot.value, Tensor)}
    found: dict[object, set[str]] = {}
    for name, tensor in (named | registered).items():
        key = storage_key(tensor)
        if key is not None:
            found.setdefault(key, set()).add(name)
    groups = tuple(frozenset(names) for names in found.values() if len(names) > 1)
    return Ties(groups=groups, registered=frozenset(registered), parameters=parameters)

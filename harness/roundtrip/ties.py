"""Ties: names of tensors that share memory, before a load and after it."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from .bits import storage_key
from .census import Census
from .overlap import meeting
from .state import entries

Groups = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """Groups of two or more names that share bytes; `registered` are the names that are parameters or buffers.

    `objects` are the groups of names that are one and the same parameter, which an optimizer steps once.
    """

    groups: Groups
    objects: Groups
    registered: frozenset[str]
    parameters: frozenset[str]

    def joins(self, one: str, other: str) -> bool:
        """True where two names share memory."""
        return any(one in group and other in group for group in self.groups)

    def unites(self, one: str, other: str) -> bool:
        """True where two names are one parameter."""
        return any(one in group and other in group for group in self.objects)

    def pairs(self) -> list[tuple[str, str]]:
        """Every first name of a group with each of the others, sorted."""
        return _pairs(self.groups)

    def united(self) -> list[tuple[str, str]]:
        """The same of the names that are one parameter."""
        return _pairs(self.objects)


def ties(model: nn.Module) -> Ties:
    """The ties among parameters, buffers and tensors that are plain attributes."""
    registered = {entry.name: entry.tensor for entry in entries(model)}
    parameters = frozenset(entry.name for entry in entries(model) if entry.kind == "parameter")
    named = {path: slot.value for path, slot in Census(model).slots.items() if isinstance(slot.value, Tensor)}
    found: dict[object, dict[str, Tensor]] = {}
    objects: dict[object, set[str]] = {}
    for name in sorted(parameters):
        objects.setdefault(id(registered[name]), set()).add(name)
    for name, tensor in (named | registered).items():
        key = storage_key(tensor)
        if key is not None:
            found.setdefault(key, {})[name] = tensor
    groups = tuple(frozenset(names) for held in found.values() if len(held) > 1 for names in meeting(held))
    return Ties(groups=groups, objects=_several(objects), registered=frozenset(registered), parameters=parameters)


def _several(found: dict[object, set[str]]) -> Groups:
    return tuple(frozenset(names) for names in found.values() if len(names) > 1)


def _pairs(groups: Groups) -> list[tuple[str, str]]:
    lists = [sorted(group) for group in groups]
    return sorted((names[0], other) for names in lists for other in names[1:])

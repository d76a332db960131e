"""The census: everything in a model that decides what it computes and is no saved state, each thing under its path."""

from __future__ import annotations

import enum
import sys
from collections import deque
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from types import FunctionType, MethodType, ModuleType
from typing import Any, Final

from torch import Generator, Tensor, nn

from .fingerprint import fingerprint
from .state import entries

_HOOKS = frozenset({"_forward_hooks", "_forward_pre_hooks"})
_INTERNAL = frozenset(vars(nn.Module())) - _HOOKS

# Written by the libraries about the files, and different after every load.
_PAPERWORK = frozenset(
    {"_name_or_path", "name_or_path", "transformers_version", "architectures", "_commit_hash", "_is_hf_initialized"}
)
_CLOSED = sys.stdlib_module_names | {"torch", "numpy"}
_DEEPEST, _MOST_ITEMS = 12, 4096

ABSENT: Final = object()


class Census:
    """All slots of a model by path, and the objects that hold them.

    Modules count wherever they are, also in plain lists where `state_dict()` does not see them; so do objects of
    classes that are neither PyTorch's nor the standard library's, configs among them. `owners` are these, and
    registered tensors that somebody has given an attribute, such as a scale.
    """

    def __init__(self, model: nn.Module) -> None:
        self.holders: dict[int, tuple[str, Any]] = {}
        self._registered = {id(module) for module in model.modules()}
        self._saved = {id(entry.tensor) for entry in entries(model) if entry.saved}
        self._walk(model)
        self.owners = self.holders | {id(tensor): (path, tensor) for path, tensor in self._tagged(model)}
        self.slots: dict[str, Slot] = {slot.path: slot for slot in self._slots()}

    def holder(self, path: str) -> Any:
        """The object at a path; `ABSENT` where there is none."""
        return next((thing for place, thing in self.owners.values() if place == path), ABSENT)

    def _tagged(self, model: nn.Module) -> Iterator[tuple[str, Any]]:
        for entry in entries(model):
            if vars(entry.tensor) and any(_attributes(entry.tensor)):
                yield entry.name, entry.tensor

    def _walk(self, model: nn.Module) -> None:
        queue: deque[tuple[str, Any, int]] = deque([("", model, 0)])
        while queue:
            path, holder, depth = queue.popleft()
            if id(holder) in self.holders or depth > _DEEPEST:
                continue
            self.holders[id(holder)] = (path, holder)
            if isinstance(holder, nn.Module):
                queue.extend(
                    (_under(path, name), child, depth) for name, child in holder._modules.items() if child is not None
                )
            for name, value in _attributes(holder):
                queue.extend((place, thing, depth + 1) for place, thing in _holders(value, _under(path, name)))

    def _slots(self) -> Iterator[Slot]:
        for path, holder in self.owners.values():
            for name, value in _attributes(holder):
                yield Slot(_under(path, name), holder, name, value, self)
            if isinstance(holder, nn.Module):
                for name, child in holder._modules.items():
                    yield Slot(_under(path, name), holder, name, child, self, kind="module")
                hidden = id(holder) not in self._registered
                for name, buffer in holder._buffers.items():
                    if buffer is not None and (hidden or name in holder._non_persistent_buffers_set):
                        yield Slot(_under(path, name), holder, name, buffer, self, kind="buffer")
                for name, parameter in holder._parameters.items():
                    if hidden and parameter is not None and id(parameter) not in self._saved:
                        yield Slot(_under(path, name), holder, name, parameter, self, kind="parameter")

    def mark(self, value: Any) -> str | None:
        """The place of a holder, which stands for it where another one refers to it."""
        known = self.holders.get(id(value))
        return None if known is None else f"<{known[0] or 'the model'}: {type(value).__qualname__}>"


@dataclass(slots=True, eq=False)
class Slot:
    """One attribute, non-persistent buffer, submodule, or parameter of a module that no state dict sees.

    A submodule counts by its class: what is in it has slots of its own.
    """

    path: str
    holder: Any
    name: str
    value: Any
    census: Census
    kind: str = "attribute"

    @property
    def print(self) -> str:
        """The fingerprint of what is in it."""
        if self.kind == "module":
            return type(self.value).__qualname__
        value = list(self.value.values()) if self.name in _HOOKS else self.value
        return fingerprint(value, self.census.mark)

    @property
    def _dictionary(self) -> dict[str, Any]:
        return _dictionary(self.holder, self.kind)

    def get(self) -> Any:
        """What is in it now; `ABSENT` where it is no more."""
        return self._dictionary.get(self.name, ABSENT)


def unlike(hand: Census, loaded: Census) -> list[str]:
    """Paths of slots that do not hold the same in both, those that only one has included."""
    paths = dict.fromkeys((*hand.slots, *loaded.slots))
    return [path for path in paths if _print(hand, path) != _print(loaded, path)]


def transplant(path: str, donor: Census, patient: Census) -> Undo | None:
    """Put what the donor has at a path into the patient; None where the patient has nothing to put it into."""
    slot = donor.slots.get(path) or patient.slots[path]
    place = donor.owners[id(slot.holder)][0] if path in donor.slots else patient.owners[id(slot.holder)][0]
    holder = patient.holder(place)
    if holder is ABSENT:
        return None
    twins = {key: other for key, (where, _) in donor.holders.items() if (other := patient.holder(where)) is not ABSENT}
    value = ABSENT if path not in donor.slots else donor.slots[path].value
    if slot.kind != "module":
        value = _copy(value, twins)
    undo = Undo(holder=holder, kind=slot.kind, name=slot.name, value=value)
    undo.swap()
    return undo


@dataclass(slots=True, kw_only=True, eq=False)
class Undo:
    """A value that changes places with what is in a slot, each time it is asked to."""

    holder: Any
    kind: str
    name: str
    value: Any

    def swap(self) -> None:
        """Put the value in, and keep what was there."""
        dictionary = _dictionary(self.holder, self.kind)
        before = dictionary.pop(self.name, ABSENT)
        if self.value is not ABSENT:
            dictionary[self.name] = self.value
        self.value = before


def _dictionary(holder: Any, kind: str) -> dict[str, Any]:
    if kind == "attribute":
        attributes: dict[str, Any] = vars(holder)
        return attributes
    registered: dict[str, Any] = getattr(holder, f"_{kind}s")
    return registered


def _print(census: Census, path: str) -> str | None:
    slot = census.slots.get(path)
    return None if slot is None else slot.print


def _attributes(holder: Any) -> Iterator[tuple[str, Any]]:
    skipped = _INTERNAL if isinstance(holder, nn.Module) else _PAPERWORK
    for name, value in list(vars(holder).items()):
        if name not in skipped and not (name in _HOOKS and not value):
            yield name, value


def _holders(value: Any, path: str, depth: int = 0) -> Iterator[tuple[str, Any]]:
    if _is_holder(value):
        yield path, value
    elif isinstance(value, dict) and len(value) <= _MOST_ITEMS and depth < 3:
        for key, item in value.items():
            yield from _holders(item, f"{path}[{key!r}]", depth + 1)
    elif isinstance(value, list | tuple | deque) and len(value) <= _MOST_ITEMS and depth < 3:
        for index, item in enumerate(value):
            yield from _holders(item, f"{path}[{index}]", depth + 1)


def _is_holder(value: Any) -> bool:
    if isinstance(value, nn.Module):
        return True
    if isinstance(value, Tensor | Generator | type | enum.Enum | FunctionType | MethodType | ModuleType):
        return False
    return hasattr(value, "__dict__") and type(value).__module__.partition(".")[0] not in _CLOSED


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _copy(value: Any, twins: dict[int, Any]) -> Any:
    if value is ABSENT:
        return value
    try:
        return deepcopy(value, dict(twins))
    # What cannot be copied (a tensor with a history, a lock) is lent: nobody writes to it meanwhile.
    except Exception:
        return value

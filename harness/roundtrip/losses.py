"""Losses: registered tensors that a model has after a load otherwise than before it, each judged by its bits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor, nn

from .bits import same
from .fingerprint import fingerprint
from .state import Entry, entries

LOST, CHANGED, CAST, SHAPED, SWAPPED, NEW = "lost", "changed", "cast", "shaped", "swapped", "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One tensor that did not come back: its name, what happened to it, and that in words."""

    name: str
    what: str
    message: str


def left_out(model: nn.Module) -> set[str]:
    """Names of persistent buffers and frozen parameters that the model keeps out of the file by declaration or hook.

    It is no loss if they are made again to the value that they had. What is trained has no value to be made again.
    """
    saved = model.state_dict().keys()
    patterns = tuple(getattr(model, "_keys_to_ignore_on_save", None) or ())
    return {
        entry.name
        for entry in entries(model)
        if entry.saved
        and not (entry.kind == "parameter" and entry.tensor.requires_grad)
        and (entry.name not in saved or any(re.search(pattern, entry.name) for pattern in patterns))
    }


def losses(hand: nn.Module, loaded: nn.Module) -> tuple[Loss, ...]:
    """Every saved tensor that is not the same bit for bit, every one that is new, every extra state that changed."""
    before = {entry.name: entry for entry in entries(hand) if entry.saved}
    after = {entry.name: entry for entry in entries(loaded) if entry.saved or entry.name in before}
    found = [loss for name in before if (loss := _loss(before[name], after.get(name), before)) is not None]
    found += [
        Loss(name=name, what=NEW, message=f"`{name}` is there after the load and was not there before")
        for name in after
        if name not in before
    ]
    return (*found, *_extra(hand, loaded))


def _loss(entry: Entry, other: Entry | None, before: dict[str, Entry]) -> Loss | None:
    name = entry.name
    if other is None:
        return Loss(name=name, what=LOST, message=f"`{name}` was there before and is gone after the load")
    one, two = entry.tensor, other.tensor
    if same(one, two):
        return None
    if one.dtype != two.dtype:
        text = f"`{name}` was {one.dtype} and came back as {two.dtype}"
        return Loss(name=name, what=CAST, message=text)
    if one.shape != two.shape:
        text = f"`{name}` had shape {list(one.shape)} and came back with {list(two.shape)}"
        return Loss(name=name, what=SHAPED, message=text)
    if two.is_meta:
        return Loss(name=name, what=CHANGED, message=f"`{name}` was left on the meta device: it has no data")
    twin = next((key for key, its in before.items() if key != name and _could_be(its.tensor, one, two)), None)
    if twin is not None:
        return Loss(name=name, what=SWAPPED, message=f"`{name}` came back with the values of `{twin}`")
    return Loss(name=name, what=CHANGED, message=f"`{name}` came back with other values: {_how_many(one, two)}")


def _could_be(candidate: Tensor, one: Tensor, two: Tensor) -> bool:
    return one.numel() > 0 and candidate.shape == two.shape and same(candidate, two) and not same(candidate, one)


def _how_many(one: Tensor, two: Tensor) -> str:
    if one.layout != two.layout:
        return f"layout {one.layout}, now {two.layout}"
    unequal = int((one.detach().cpu().to_dense() != two.detach().cpu().to_dense()).sum())
    return f"{unequal} of {one.numel()} numbers differ"


def _extra(hand: nn.Module, loaded: nn.Module) -> Iterator[Loss]:
    before, after = _extras(hand), _extras(loaded)
    for path, value in before.items():
        if path in after and after[path] != value:
            yield Loss(name=path, what=CHANGED, message=f"the extra state of `{path}` came back otherwise")


def _extras(model: nn.Module) -> dict[str, str]:
    return {
        path or "the model": fingerprint(module.get_extra_state())
        for path, module in model.named_modules()
        if type(module).get_extra_state is not nn.Module.get_extra_state
    }

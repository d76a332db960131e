"""Training: what a model that is trained on computes otherwise since a load, where its answers are the same."""

from __future__ import annotations

from typing import Any

from torch import nn

from .census import Census, Slot, unlike
from .effects import Effects, effects
from .running import Answer, answer, difference
from .sources import assigned


def trained(hand: nn.Module, loaded: nn.Module, inputs: Any) -> tuple[str, Effects] | None:
    """How the first calls in training differ and whose doing it is: the position of a queue, a count of updates.

    Asked only where the models' own classes keep something that did not come back. None where that makes no
    difference, and for a model that cannot be called so.
    """
    one, two = Census(hand), Census(loaded)
    if not any(_is_own(one.slots.get(path) or two.slots[path]) for path in unlike(one, two)):
        return None
    before = continued(hand, inputs)
    if before.error is not None or not continued(hand, inputs).equals(before):
        return None
    gap = difference(before, continued(loaded, inputs))
    return None if gap is None else (gap, effects(hand, loaded, inputs, before, continued))


def continued(model: nn.Module, inputs: Any) -> Answer:
    """Two answers in training mode and one in evaluation mode; afterwards the model is as it was."""
    return answer(model, inputs, lessons=2)


def _is_own(slot: Slot) -> bool:
    """True for what a class of the user's gives its name; a library's paperwork changes with every load."""
    return slot.kind != "module" and assigned(slot.holder, slot.name) is not None

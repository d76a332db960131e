"""Shapes: where the state of a model does not fit a new one of its class."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from torch import nn

from .fields import Change, changes, is_config
from .hand import Hand
from .rebuilding import replay
from .state import entries
from .trip import Trip


def mismatches(trip: Trip) -> list[str]:
    """Names of saved tensors that a new model lacks, or holds in another shape, or alone has.

    What lies in a module that only one of the two has at all does not count as the new model's. Empty where no new
    model can be made.
    """
    fresh = _fresh(trip.hand)
    if fresh is None:
        return []
    here, there = (
        {entry.name: tuple(entry.tensor.shape) for entry in entries(model) if entry.saved}
        for model in (trip.hand.model, fresh)
    )
    modules = {path for path, _ in trip.hand.model.named_modules(remove_duplicate=False)}
    alone = [name for name in there if name not in here and name.rpartition(".")[0] in modules]
    return [name for name in here if here[name] != there.get(name)] + alone


def rewritten(hand: Hand) -> list[Change]:
    """Fields of the config that the constructor itself changes, and changes again each time that it is called."""
    config = getattr(hand.model, "config", None)
    if not is_config(config):
        return []
    made = getattr(_fresh(hand), "config", None)
    return list(changes(config, made)) if is_config(made) else []


def _fresh(hand: Hand) -> nn.Module | None:
    """A new model of the class: from the config as it is now, else as the class was called; None if that fails."""
    model: Any = hand.model
    try:
        if is_config(getattr(model, "config", None)):
            made: nn.Module = type(model)(deepcopy(model.config))
            return made
        again = replay(model, hand.recorded)
        return None if again is None else again()
    # Whatever a constructor raises that is called as it was called: there is no such model.
    except Exception:
        return None

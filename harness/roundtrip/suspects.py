"""Suspects: whom a refusal is about, since libraries do not always say it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from torch import Tensor

from .fields import is_config
from .shapes import mismatches
from .state import entries
from .trip import Refusal, Trip

_SIMPLE = (Tensor, bool, int, float, str, type(None))


def suspects(trip: Trip, refusal: Refusal) -> list[str]:
    """Names of tensors and config fields that a refusal speaks of or must be about, the surest first; may be empty."""
    model = trip.hand.model
    spoken = [entry.name for entry in entries(model) if _is_in(entry.name, refusal.text)]
    found = [*spoken, *_not_json(model)]
    if refusal.stage == "load":
        found += mismatches(trip)
    found += _not_tensors(trip, _SIMPLE if refusal.stage == "load" else (Tensor,))
    return list(dict.fromkeys(found))


def _is_in(name: str, text: str) -> bool:
    """True where the name stands in the text as a word of its own."""
    start = text.find(name)
    if start < 0:
        return False
    before, after = text[start - 1 : start], text[start + len(name) : start + len(name) + 1]
    return not (before.isalnum() or before in ("_", ".")) and not (after.isalnum() or after == "_")


def _not_json(model: object) -> Iterator[str]:
    config = getattr(model, "config", None)
    for name, value in vars(config).items() if is_config(config) else ():
        if name.startswith("_") or name in ("dtype", "torch_dtype") or is_config(value):
            continue
        try:
            json.dumps(value)
        except (TypeError, ValueError):
            yield f"config.{name}"


def _not_tensors(trip: Trip, held: tuple[type, ...]) -> Iterator[str]:
    try:
        state = trip.hand.model.state_dict()
    # A hook or an override that refuses: then that is the refusal, and the state cannot be looked into.
    except Exception:
        return
    for name, value in state.items():
        if not isinstance(value, held):
            yield name

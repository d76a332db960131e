"""Feeding: what a model without inputs is called with, tried before a check depends on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import NotChecked
from .making import MEND, from_config, is_asked_by_config
from .wish import wish_of


def feeding(model: Any, make: Callable[[], Any]) -> Callable[[], Any]:
    """A function that returns fresh arguments, the same every time, which a new model of `make` takes on the CPU.

    A forward without required arguments gets none; a transformers model gets what its config asks for; for any other,
    shapes are searched. Raises `NotChecked` for what cannot be fed.
    """
    from torch.nn import Module

    if type(model).forward is Module.forward:
        raise NotChecked(f"cannot be fed: {type(model).__name__} has no forward")
    wish = wish_of(model)
    if is_asked_by_config(wish):
        return _tried(lambda: from_config(wish), make)
    if not wish.required:
        return dict
    from .search import search  # late: hypothesis

    try:
        found = search(make)
    except NotChecked as reason:
        raise NotChecked(f"cannot be fed: {reason}; {MEND}") from None
    return lambda: {name: specimen.made() for name, specimen in found.items()}


def _tried(give: Callable[[], Any], make: Callable[[], Any]) -> Callable[[], Any]:
    from .trying import refusal

    names = ", ".join(give())
    refused = refusal(make, give)
    if refused is not None:
        raise NotChecked(f"cannot be fed: with {names}, as its config asks for, forward raises {refused}; {MEND}")
    return give

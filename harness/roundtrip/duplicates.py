"""Duplicates: do a deep copy, a cast and a load by assignment keep the ties? Nothing is copied without a tie."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import torch
from torch import nn

from .ties import Ties, ties

Pairs = list[tuple[str, str]]


def untied_copy(model: nn.Module, before: Ties) -> Pairs:
    """Pairs that are one parameter in the model, and two in its deep copy.

    Parameters that are views of one memory and not one object are parted by every copy and cast: PyTorch promises no
    more. So they are in none of these.
    """
    after = _after(model, lambda copy: copy) if before.objects else None
    return [] if after is None else [pair for pair in before.united() if not after.unites(*pair)]


def untied_cast(model: nn.Module, before: Ties) -> Pairs:
    """Pairs that are one parameter in the model, and two once a copy was cast by `.to(dtype)`."""
    return _parted(model, before, _cast)


def untied_assignment(model: nn.Module, before: Ties) -> Pairs:
    """Pairs that are one parameter in the model, and two after `load_state_dict(..., assign=True)` into a copy.

    A model that has `tie_weights`, as those of transformers do, may mend it by that.
    """
    return _parted(model, before, _assigned)


def _parted(model: nn.Module, before: Ties, act: Callable[[nn.Module], nn.Module]) -> Pairs:
    kept = _after(model, lambda copy: copy) if before.objects else None
    after = _after(model, act) if kept is not None else None
    if kept is None or after is None:
        return []
    return [pair for pair in before.united() if kept.unites(*pair) and not after.unites(*pair)]


def _after(model: nn.Module, act: Callable[[nn.Module], nn.Module]) -> Ties | None:
    """The ties of a deep copy to which something was done; None where that is refused."""
    try:
        return ties(act(deepcopy(model)))
    # A model that refuses to be copied or cast has no copy that could differ; the check `moves` reports it.
    except Exception:
        return None


def _cast(copy: nn.Module) -> nn.Module:
    own = next((tensor.dtype for tensor in copy.parameters() if tensor.is_floating_point()), torch.float32)
    return copy.to(torch.float32 if own is torch.bfloat16 else torch.bfloat16)


def _assigned(copy: nn.Module) -> nn.Module:
    copy.load_state_dict(copy.state_dict(), assign=True)
    again: Any = getattr(copy, "tie_weights", None)
    if callable(again):
        again()
    return copy

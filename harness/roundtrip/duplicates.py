"""Duplicates: do a deep copy, a cast and a load by assignment keep the ties? Nothing is copied without a tie."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import torch
from torch import nn

from .ties import Ties, ties

Pairs = list[tuple[str, str]]


def untied(model: nn.Module, before: Ties) -> dict[str, Pairs]:
    """Pairs that are one parameter in the model and two after each of `copied`, `cast` and `assigned`.

    One deep copy goes through all three, and what one has parted is not asked again. Parameters that are views of one
    memory, and not one object, are in none: each copy and cast of PyTorch parts them. A model that has `tie_weights`,
    as those of transformers do, may mend a load by assignment.
    """
    found: dict[str, Pairs] = {name: [] for name in _STEPS}
    together, duplicate = before.united(), model
    for name, step in _STEPS.items():
        if not together:
            break
        try:
            duplicate = step(duplicate)
            after = ties(duplicate)
        # A model that refuses to be copied or cast has no copy that could differ; the check `moves` reports it.
        except Exception:
            break
        found[name] = [pair for pair in together if not after.unites(*pair)]
        together = [pair for pair in together if after.unites(*pair)]
    return found


def _cast(copy: nn.Module) -> nn.Module:
    own = next((tensor.dtype for tensor in copy.parameters() if tensor.is_floating_point()), torch.float32)
    return copy.to(torch.float32 if own is torch.bfloat16 else torch.bfloat16)


def _assigned(copy: nn.Module) -> nn.Module:
    copy.load_state_dict(copy.state_dict(), assign=True)
    again: Any = getattr(copy, "tie_weights", None)
    if callable(again):
        again()
    return copy


_STEPS: dict[str, Callable[[nn.Module], nn.Module]] = {"copied": deepcopy, "cast": _cast, "assigned": _assigned}

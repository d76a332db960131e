"""Duplicates: does a deep copy keep the ties?"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from torch import nn

from .ties import Ties, ties


def untied_copy(model: nn.Module, before: Ties) -> Iterator[tuple[str, str]]:
    """Pairs of parameters that are tied in the model and not in its deep copy; nothing is copied without a tie."""
    pairs = [pair for pair in before.pairs() if before.parameters.issuperset(pair)]
    if not pairs:
        return
    try:
        after = ties(deepcopy(model))
    # A model that refuses to be copied has no copy that could differ; the check `moves` reports it.
    except Exception:
        return
    yield from (pair for pair in pairs if not after.joins(*pair))

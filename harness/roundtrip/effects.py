"""Effects: which of the things that did not come back decide what the model answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from torch import nn

from .bits import same
from .census import Census, Undo, transplant, unlike
from .running import Answer, answer
from .state import entries

Asked = Callable[[nn.Module, Any], Answer]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effects:
    """`culprits` are the paths whose contents, put back, move the answers; `explained` where that closes the gap.

    `candidates` are all paths that differ.
    """

    culprits: tuple[str, ...]
    candidates: tuple[str, ...]
    explained: bool
    hand: Census
    loaded: Census


def effects(hand: nn.Module, loaded: nn.Module, inputs: Any, before: Answer, asked: Asked = answer) -> Effects:
    """Put back what differs, all of it, and then take each away again for as long as the answer stays.

    Saved tensors that did not come back are put right first, and stay so in `loaded`: they have names already.
    """
    _mend(hand, loaded)
    one, two = Census(hand), Census(loaded)
    candidates = tuple(unlike(one, two))
    undos = {path: undo for path in candidates if (undo := transplant(path, one, two)) is not None}
    mended = asked(loaded, inputs)
    culprits = _needed(list(undos), undos, lambda: asked(loaded, inputs).equals(mended))
    for undo in reversed([undos[path] for path in culprits]):
        undo.swap()
    return Effects(
        culprits=tuple(culprits),
        candidates=candidates,
        explained=mended.equals(before),
        hand=one,
        loaded=two,
    )


def _mend(hand: nn.Module, loaded: nn.Module) -> None:
    there = {entry.name: entry for entry in entries(loaded)}
    for entry in entries(hand):
        other = there.get(entry.name)
        if entry.saved and other is not None and not same(entry.tensor, other.tensor):
            registered: dict[str, Any] = getattr(other.module, f"_{other.kind}s")
            registered[other.attribute] = deepcopy(entry.tensor.detach()) if other.kind == "buffer" else entry.tensor


def _needed(paths: Sequence[str], undos: dict[str, Undo], holds: Any) -> list[str]:
    """Those of the paths without which the answer changes; the others are taken away."""
    if not paths:
        return []
    for path in reversed(paths):
        undos[path].swap()
    if holds():
        return []
    for path in paths:
        undos[path].swap()
    if len(paths) == 1:
        return list(paths)
    middle = len(paths) // 2
    first = _needed(paths[:middle], undos, holds)
    return first + _needed(paths[middle:], undos, holds)

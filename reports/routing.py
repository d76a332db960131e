"""Targets that differ in how a memory is routed: `gmmxlnet_read_4` reads four memories, `memxlnet` has one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..harness.result import Result

# A model with memory, how it is routed, and over how many memories; either of the last two may be missing.
_NAME = re.compile(r"(?P<model>(?:.+_)?(?:mem|gmm)xlnet)(?:_(?P<routing>write|read))?(?:_(?P<memories>\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """A target taken apart: its model, its routing (None: there is nothing to route) and its number of memories."""

    target: str
    model: str
    routing: str | None
    memories: int | None


def routed(cells: Iterable[Result]) -> tuple[Routed, ...]:
    """The models with memory among the targets, few memories first; none where there are no two routings to compare."""
    found = []
    for target in dict.fromkeys(cell.target for cell in cells):
        if name := _NAME.fullmatch(target):
            memories = int(name["memories"]) if name["memories"] else None
            found.append(Routed(target=target, model=name["model"], routing=name["routing"], memories=memories))
    if len({one.routing for one in found} - {None}) < 2:
        return ()
    models = list(dict.fromkeys(one.model for one in found))
    return tuple(sorted(found, key=lambda one: (models.index(one.model), one.memories or 0)))

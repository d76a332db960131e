"""A shard: which part of a plan a report is of, so that whoever merges the parts can tell what is missing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .errors import UsageError

_WORD = re.compile(r"([1-9]\d*)/([1-9]\d*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Shard `index` of `count`, from 1, of a plan of `cells` cells with the digest `plan`."""

    index: int
    count: int
    cells: int
    plan: str

    @property
    def name(self) -> str:
        """As it is typed: `2/4`."""
        return f"{self.index}/{self.count}"


def parts(word: str) -> tuple[int, int]:
    """Index and count of a word such as `2/4`. Raises `UsageError`."""
    match = _WORD.fullmatch(word)
    if match is None or int(match[1]) > int(match[2]):
        raise UsageError(f"{word!r} is not a shard: give i/n with i from 1 to n, such as 2/4")
    return int(match[1]), int(match[2])


def lacking(shards: Iterable[Shard]) -> tuple[str, ...]:
    """What these shards lack of the plans that they are parts of, in words."""
    plans: dict[tuple[str, int, int], set[int]] = {}
    for shard in shards:
        plans.setdefault((shard.plan, shard.count, shard.cells), set()).add(shard.index)
    said = []
    for (_, count, cells), held in plans.items():
        gone = [f"{index}/{count}" for index in range(1, count + 1) if index not in held]
        if gone:
            said.append(f"shard{'s' * (len(gone) != 1)} {', '.join(gone)} of a plan of {cells} cells not given")
    if len(plans) > 1:
        said.append(f"the shards are of {len(plans)} different plans")
    return tuple(said)


def is_whole(shards: Iterable[Shard]) -> bool:
    """True where the shards are all the parts of one plan, or there are none."""
    return not lacking(shards)

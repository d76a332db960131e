"""Blocks of cells that one worker runs in a row, and shards of a plan: both by target, so that none is built twice.

The targets of a suite that is shared are one block.
"""

from collections.abc import Sequence

from ..plan import Cell

# A place in the plan, and the cell that is there.
Numbered = tuple[int, Cell]


def blocks(cells: Sequence[Cell], at_least: int = 1) -> list[list[Numbered]]:
    """The cells of each target together, in the plan's order; by target and device where that makes too few blocks."""
    found = _grouped(cells, by_device=False)
    return found if len(found) >= at_least else _grouped(cells, by_device=True)


def share(cells: Sequence[Cell], index: int, count: int) -> tuple[Cell, ...]:
    """The cells of shard `index` of `count`, from 1: every `count`-th block.

    Every cell is in exactly one shard, and the same in each run of the same plan.
    """
    mine = blocks(cells, count)[index - 1 :: count]
    places = sorted(place for block in mine for place, _ in block)
    return tuple(cells[place] for place in places)


def home(cell: Cell) -> tuple[str | None, str | None]:
    """What the cells of one process have in common: their target, or a suite whose targets share a process."""
    return cell.suite, None if cell.is_shared else cell.target.name


def _grouped(cells: Sequence[Cell], *, by_device: bool) -> list[list[Numbered]]:
    groups: dict[object, list[Numbered]] = {}
    for place, cell in enumerate(cells):
        key = (*home(cell), cell.device if by_device and not cell.is_shared else None)
        groups.setdefault(key, []).append((place, cell))
    return list(groups.values())

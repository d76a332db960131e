"""Model x device x routing as rows of text: how a memory is routed, beside where it ran."""

from collections.abc import Sequence

from ...harness.result import Result
from ..grid import grid, words
from ..routing import routed
from ..table import LEFT, RIGHT
from .scoreboard import Board


def board(cells: Sequence[Result]) -> Board | None:
    """A row for each model with memory and its routing, with the statuses of its cells on each device.

    None where there is nothing to compare.
    """
    models = routed(cells)
    if not models:
        return None
    targets = {one.target for one in models}
    matrix = grid([cell for cell in cells if cell.target in targets])
    places = dict(zip(matrix.rows, matrix.counts, strict=True))
    rows = []
    for index, one in enumerate(models):
        before = models[index - 1] if index else None
        is_same = before is not None and (before.model, before.memories) == (one.model, one.memories)
        memories = "" if one.memories is None else str(one.memories)
        head = ("", "") if is_same else (one.model, memories)
        rows.append((*head, one.routing or "-", *(words(counts) for counts in places[one.target])))
    devices = tuple(f"{device.name} ({device.reality})" for device in matrix.devices)
    return Board(
        headers=("model", "memories", "routing", *devices),
        rows=tuple(rows),
        align=(LEFT, RIGHT, LEFT, *(LEFT for _ in devices)),
    )

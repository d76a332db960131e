"""What the gate found, as GitHub Markdown: short enough for a comment, whatever happened."""

from collections.abc import Iterator

from ...harness.gate import Comparison
from .. import table
from ..formats.escape import line, markdown
from .rows import Row, is_stale, overheads, places, rows, verdict

# A comment of GitHub holds 65,536 characters.
MOST_CHARACTERS = 60_000
_HEADERS = ("state", "target", "check", "device", "what")


def render(comparison: Comparison) -> str:
    """The verdict, the table, worst first, and the command that accepts what is new."""
    head = [f"**{markdown(verdict(comparison))}**"]
    tail = [*(markdown(told) for told in overheads(comparison)), *_update(comparison)]
    room = MOST_CHARACTERS - sum(map(len, (*head, *tail)))
    return "\n\n".join([*head, *_table(rows(comparison), room), *tail]) + "\n"


def _table(found: tuple[Row, ...], room: int) -> Iterator[str]:
    drawn = [_row(row) for row in found]
    widths = [max(map(len, column)) for column in zip(_HEADERS, *drawn, strict=True)]
    fitting = max(0, room // (sum(widths) + 20) - 2)
    if drawn:
        yield table.pipes(_HEADERS, drawn[:fitting])
    if drawn[fitting:]:
        yield f"and {len(drawn) - fitting} rows more, which `samedevice gate` prints"


def _row(row: Row) -> tuple[str, ...]:
    who, checks, devices = places(row.cells)
    what = "<br>".join(markdown(_short(part)) for part in row.what)
    return (row.state.value, *(markdown(_short(word)) for word in (who, checks, devices)), what)


def _short(text: str) -> str:
    return text if len(text) <= 400 else f"{text[:399]}…"


def _update(comparison: Comparison) -> Iterator[str]:
    if is_stale(comparison):
        yield f"To accept this, type and commit:\n\n    {line(comparison.update)}"

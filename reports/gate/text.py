"""What the gate found, for a terminal: 100 columns, no colour."""

from collections.abc import Iterator

from ...harness.gate import Comparison
from .. import table
from ..formats.escape import line
from ..formats.paragraph import paragraph
from .rows import Row, is_stale, overheads, places, rows, verdict

_WIDTHS = {"where": 26, "check": 14, "device": 18, "what": 48}


def render(comparison: Comparison) -> str:
    """The table, worst first, then the verdict and the command that accepts what is new."""
    parts = [line(f"gate against {comparison.baseline}, from {comparison.level.value} on")]
    drawn = [_row(row) for row in rows(comparison)]
    if drawn:
        parts.append(table.terminal(("state", *_WIDTHS), drawn))
    parts += [paragraph(line(told)) for told in overheads(comparison)]
    parts += [line(verdict(comparison)), *_update(comparison)]
    return "\n\n".join(parts) + "\n"


def _update(comparison: Comparison) -> Iterator[str]:
    if is_stale(comparison):
        yield f"To accept this, type and commit:\n  {comparison.update}"


def _row(row: Row) -> tuple[str, ...]:
    who, checks, devices = places(row.cells)
    columns = zip(_WIDTHS.values(), ((who,), (checks,), (devices,), row.what), strict=True)
    return (row.state.value, *("\n".join(_folded(part, width) for part in parts) for width, parts in columns))


def _folded(text: str, width: int) -> str:
    return paragraph(line(text), width=width)

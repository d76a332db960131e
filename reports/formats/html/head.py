"""What stands on the page before anyone clicks: verdict, devices, what was not checked, environment, listings."""

from collections import Counter
from collections.abc import Iterator

from ....harness.environment import Environment
from ....harness.listing import Listing
from ....harness.report import Report
from ....harness.result import Result, Status
from ... import table as tables
from ...grid import WORST_FIRST, name
from ...scores import grouped
from ...summary import trust, unsettled, verdict
from .. import said
from ..text import VIRTUAL
from .markup import section, table, text

# Rows of one table; the rest is counted below it.
MOST = 200


def head(report: Report) -> str:
    """The verdict, and how each device came out, with the word real or virtual."""
    word, _, rest = verdict(report).partition(":")
    kind = word.lower() if word.isupper() else "incomplete"
    parts = [f'<p class="verdict {kind}"><strong>{text(word)}</strong>{text(f": {rest.strip()}" if rest else "")}</p>']
    if report.cells:
        rows = [_device(cells) for cells in grouped(report.cells, lambda cell: cell.device).values()]
        parts.append(table(("device", *map(name, WORST_FIRST)), rows, right=range(1, 1 + len(WORST_FIRST))))
    if any(cell.device.virtual for cell in report.cells):
        parts.append(f'<p class="note">{text("; ".join(filter(None, (VIRTUAL, trust(report)))))}</p>')
    return "\n".join(parts)


def _device(cells: tuple[Result, ...]) -> tuple[str, ...]:
    counts = Counter(cell.status for cell in cells)
    return (said.where(cells[0].device), *(str(counts[status]) for status in WORST_FIRST))


def open_ends(report: Report) -> str:
    """What broke or was not checked, by reason; empty where all was checked."""
    entries = sorted(unsettled(report.cells), key=lambda entry: entry.status is not Status.ERROR)
    if not entries:
        return ""
    rows = [
        (
            name(entry.status) if entry.status is Status.NOT_CHECKED else "broke",
            str(len(entry.cells)),
            said.cell(entry.cells[0]),
            entry.reason,
        )
        for entry in entries
    ]
    drawn = table(("status", "cells", "first", "reason"), rows[:MOST], right=(1,))
    return section("open", "Broke or not checked", drawn, _rest(len(rows), "reasons"))


def listings(report: Report) -> str:
    """What checks looked at, such as the files of an audit."""
    return "\n".join(_listings(report))


def _listings(report: Report) -> Iterator[str]:
    shown = [cell.listing for cell in report.cells if cell.listing is not None]
    for at, listing in enumerate(shown[:MOST]):
        yield section(f"listing-{at}", listing.title or "listing", _listing(listing))


def _listing(listing: Listing) -> str:
    right = [at for at, side in enumerate(tables.alignment(listing.rows, len(listing.headers))) if side == tables.RIGHT]
    return table(listing.headers, listing.rows[:MOST], right=right) + _rest(len(listing.rows), "rows")


def environment(here: Environment) -> str:
    """Versions, platform and commit, as far as they are known."""
    rows = [
        (word, value)
        for word in ("samedevice", "torch", "transformers", "python", "platform", "git")
        if (value := getattr(here, word)) is not None
    ]
    return section("environment", "Environment", table(("what", "version"), rows))


def _rest(count: int, noun: str) -> str:
    return f'<p class="note">{count - MOST} more {noun} are in the JSON report.</p>' if count > MOST else ""

"""The report as GitHub Markdown: the same tables, for a pull request or a page; it fits into a comment."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...harness.codes import CODES
from ...harness.finding import Location
from ...harness.report import Report
from ...harness.result import Result
from .. import table
from ..findings import Group, group, sightings
from ..grid import Grid, grid, name, words, worst_first
from ..scores import grouped, lowest_shares, scored
from ..summary import trust, unsettled, verdict
from ..suppressed import suppressed
from . import routings, said, scoreboard, trainings
from .escape import clipped, markdown
from .fold import Section, Size, fitted
from .source import place, source_line
from .text import VIRTUAL

# GitHub takes 65,536 characters in a comment.
COMMENT = 65_000
# Of one message or name; the JSON report has it whole.
_LONGEST = 2_000
_TARGETS = 10


def render(report: Report) -> str:
    """The report as Markdown with a newline at the end; what a comment on GitHub cannot hold is left out, and said."""
    return within(report, COMMENT, _utf16)


def within(report: Report, limit: int, size: Size) -> str:
    """The report as Markdown of at most `limit` by `size`."""
    before = ["# samedevice report", f"**{verdict(report)}**"]
    sections = [*_suites(report), *_listings(report), *_findings(report.cells)]
    sections += [*_open_ends(report.cells), *_suppressed(report.cells)]
    after = [_environment(report)]
    if any(cell.device.virtual for cell in report.cells):
        after.insert(0, f"*{_plain('; '.join(filter(None, (VIRTUAL, trust(report)))))}*")
    return fitted(before, sections, after, limit, size)


def _utf16(text: str) -> int:
    """Characters as JavaScript counts them: one beyond the first 65,536 counts twice."""
    return len(text) + sum(character > "\uffff" for character in text)


def _plain(text: str) -> str:
    return markdown(clipped(text, _LONGEST))


def _suites(report: Report) -> Iterator[Section]:
    for suite, cells in grouped(report.cells, lambda cell: cell.suite).items():
        title = "" if suite is None else f"{_plain(suite)}: "
        trained = [cell for cell in cells if trainings.is_training(cell)]
        others = [cell for cell in scored(cells) if not trainings.is_training(cell)]
        for device, here in grouped(others, lambda cell: cell.device).items():
            yield _rates(f"## {title}rates on {_plain(device.name)} ({device.reality})", here)
        if trained:
            yield from _trainings(title, trained)
        yield _statuses(f"## {title}checks", cells)
        if routing := routings.board(cells):
            yield _table(f"## {title}model x device x routing", routing, "models")


def _rates(title: str, cells: tuple[Result, ...]) -> Section:
    """The rates; folded, their sum comes first and then the lowest."""
    board = scoreboard.wide(cells)
    rows = [(_plain(row[0]), *row[1:]) for row in board.rows]
    section = _rows(title, [_plain(heading) for heading in board.headers], rows, "targets", board.align)
    lowest = lowest_shares(cells)
    order = sorted(range(len(rows)), key=lambda at: lowest.get(board.rows[at][0], -1.0))
    items = tuple(table.pipe_row(rows[at]) for at in order)
    return replace(section, items=items)


def _trainings(title: str, cells: list[Result]) -> Iterator[Section]:
    yield _table(f"## {title}training success", trainings.success(cells), "rows")
    for devices, board in trainings.evaluations(cells):
        yield _table(f"## {title}evaluation before and after, on {devices}", board, "rows")


def _table(title: str, board: scoreboard.Board, noun: str) -> Section:
    """A table as a section. Its rows keep their order: a board has blocks that belong together."""
    headers = [_plain(heading) for heading in board.headers]
    rows = [[_plain(text) for text in row] for row in board.rows]
    return _rows(title, headers, rows, noun, board.align)


def _rows(
    title: str, headers: Sequence[str], rows: Sequence[Sequence[str]], noun: str, align: Sequence[str] | None = None
) -> Section:
    """A table of words that are escaped already."""
    whole = f"{title}\n\n{table.pipes(headers, rows, align)}"
    items = tuple(map(table.pipe_row, rows))
    return Section(title=title, whole=whole, items=items, noun=noun, head=table.pipe_head(headers, align))


def _listings(report: Report) -> Iterator[Section]:
    for listing in (cell.listing for cell in report.cells if cell.listing is not None):
        align = table.alignment(listing.rows, len(listing.headers))
        board = scoreboard.Board(headers=listing.headers, rows=listing.rows, align=align)
        yield _table(f"## {_plain(listing.title)}", board, "rows")


def _statuses(title: str, cells: tuple[Result, ...]) -> Section:
    """The matrix as it is; folded, the rows with the worst statuses come first."""
    matrix = grid(cells)
    headers = (matrix.axis, *(f"{_plain(device.name)} ({device.reality})" for device in matrix.devices))
    section = _rows(title, headers, _lines(matrix), f"{matrix.axis}s")
    return replace(section, items=tuple(map(table.pipe_row, _lines(worst_first(matrix)))), rank=2)


def _lines(matrix: Grid) -> list[tuple[str, ...]]:
    return [
        (_plain(row), *(words(counts) for counts in places))
        for row, places in zip(matrix.rows, matrix.counts, strict=True)
    ]


def _findings(cells: tuple[Result, ...]) -> Iterator[Section]:
    items = tuple(_finding(entry) for entry in group(cells))
    if items:
        whole = "\n\n".join(["## Findings", *items])
        yield Section(title="## Findings", whole=whole, items=items, noun="findings", rank=0, gap="\n\n")


def _finding(entry: Group) -> str:
    finding = entry.finding
    title = CODES.get(finding.code)
    head = f"### {_plain(finding.code)} {entry.severity.value}" + (f": {_plain(title)}" if title else "")
    others = f" ({len(entry.messages) - 1} more like it)" if len(entry.messages) > 1 else ""
    rows = {
        "subject": _plain(finding.subject or ""),
        "what": _plain(entry.messages[0]) + others,
        "origin": _location(finding.origin),
        "use": _location(finding.use),
        "op": _plain(finding.op or ""),
        "mend": _plain(finding.hint or ""),
        "seen": _seen(entry.seen),
    }
    return "\n".join([head, "", *(f"- {word}: {text}" for word, text in rows.items() if text)])


def _location(location: Location | None) -> str:
    if location is None:
        return ""
    code = source_line(location)
    return _plain(place(location)) + (f" — {_plain(code)}" if code else "")


def _seen(cells: tuple[Result, ...]) -> str:
    targets = list(dict.fromkeys(cell.target for cell in cells))
    more = len(targets) - _TARGETS
    names = ", ".join(_plain(target) for target in targets[:_TARGETS]) + (
        f" and {more} more targets" if more > 0 else ""
    )
    places = [f"{_plain(device)} {_plain(', '.join(checks))}" for device, checks in sightings(cells).items()]
    return f"{names}: {'; '.join(places)}"


def _open_ends(cells: tuple[Result, ...]) -> Iterator[Section]:
    rows = [
        (name(entry.status), str(len(entry.cells)), _plain(said.cell(entry.cells[0])), _plain(entry.reason))
        for entry in unsettled(cells)
    ]
    if rows:
        headers = ("status", "cells", "first", "reason")
        yield replace(_rows("## Broke or not checked", headers, rows, "reasons"), rank=1)


def _suppressed(cells: tuple[Result, ...]) -> Iterator[Section]:
    rows = [
        (
            _plain(entry.first.finding.code),
            _plain(entry.first.finding.subject or ""),
            _plain(entry.first.reason),
            _plain(place(entry.first.place)),
            _seen(entry.seen),
        )
        for entry in suppressed(cells)
    ]
    if rows:
        yield _rows("## Suppressed", ("code", "subject", "reason", "said in", "seen"), rows, "suppressions")


def _environment(report: Report) -> str:
    here = report.environment
    rows = [
        ("samedevice", here.samedevice),
        ("torch", here.torch),
        ("transformers", here.transformers),
        ("python", here.python),
        ("platform", here.platform),
        ("git", here.git),
    ]
    known = [(word, markdown(clipped(value, 200))) for word, value in rows if value is not None]
    return f"## Environment\n\n{table.pipes(('what', 'version'), known)}"

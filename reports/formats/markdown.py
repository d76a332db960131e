"""The report as GitHub Markdown: the same tables, for a pull request or a page."""

from collections.abc import Iterator

from ...harness.codes import CODES
from ...harness.finding import Location
from ...harness.report import Report
from ...harness.result import Result
from .. import table
from ..findings import Group, group, sightings
from ..grid import grid, name, words
from ..scores import grouped, scored
from ..summary import trust, unsettled, verdict
from ..suppressed import suppressed
from . import routings, scoreboard, trainings
from .escape import markdown
from .source import place, source_line
from .text import VIRTUAL


def render(report: Report) -> str:
    """The whole report as Markdown with a newline at the end."""
    parts = ["# samedevice report", f"**{verdict(report)}**", *_suites(report)]
    parts += _listings(report)
    groups = group(report.cells)
    if groups:
        parts += ["## Findings", *(_finding(entry) for entry in groups)]
    parts += [*_open_ends(report.cells), *_suppressed(report.cells)]
    if any(cell.device.virtual for cell in report.cells):
        parts.append(f"*{markdown('; '.join(filter(None, (VIRTUAL, trust(report)))))}*")
    return "\n\n".join([*parts, _environment(report)]) + "\n"


def _suites(report: Report) -> Iterator[str]:
    for suite, cells in grouped(report.cells, lambda cell: cell.suite).items():
        title = "" if suite is None else f"{markdown(suite)}: "
        trained = [cell for cell in cells if trainings.is_training(cell)]
        others = [cell for cell in scored(cells) if not trainings.is_training(cell)]
        for device, here in grouped(others, lambda cell: cell.device).items():
            board = scoreboard.wide(here)
            rows = [(markdown(row[0]), *row[1:]) for row in board.rows]
            yield f"## {title}rates on {device.name} ({device.reality})"
            yield table.pipes([markdown(header) for header in board.headers], rows, board.align)
        if trained:
            yield from _trainings(title, trained)
        yield f"## {title}checks"
        yield _statuses(cells)
        if routing := routings.board(cells):
            yield f"## {title}model x device x routing"
            yield _drawn(routing)


def _trainings(title: str, cells: list[Result]) -> Iterator[str]:
    yield f"## {title}training success"
    yield _drawn(trainings.success(cells))
    for devices, board in trainings.evaluations(cells):
        yield f"## {title}evaluation before and after, on {devices}"
        yield _drawn(board)


def _drawn(board: scoreboard.Board) -> str:
    rows = [[markdown(text) for text in row] for row in board.rows]
    return table.pipes([markdown(heading) for heading in board.headers], rows, board.align)


def _listings(report: Report) -> Iterator[str]:
    for listing in (cell.listing for cell in report.cells if cell.listing is not None):
        rows = [[markdown(text) for text in row] for row in listing.rows]
        align = table.alignment(listing.rows, len(listing.headers))
        yield f"## {markdown(listing.title)}"
        yield table.pipes([markdown(header) for header in listing.headers], rows, align)


def _statuses(cells: tuple[Result, ...]) -> str:
    matrix = grid(cells)
    headers = (matrix.axis, *(f"{device.name} ({device.reality})" for device in matrix.devices))
    rows = [
        (markdown(row), *(words(counts) for counts in places))
        for row, places in zip(matrix.rows, matrix.counts, strict=True)
    ]
    return table.pipes(headers, rows)


def _finding(entry: Group) -> str:
    finding = entry.finding
    title = CODES.get(finding.code)
    head = f"### {markdown(finding.code)} {entry.severity.value}" + (f": {markdown(title)}" if title else "")
    others = f" ({len(entry.messages) - 1} more like it)" if len(entry.messages) > 1 else ""
    rows = {
        "subject": markdown(finding.subject or ""),
        "what": markdown(entry.messages[0]) + others,
        "origin": _location(finding.origin),
        "use": _location(finding.use),
        "op": markdown(finding.op or ""),
        "mend": markdown(finding.hint or ""),
        "seen": _seen(entry.seen),
    }
    return "\n".join([head, "", *(f"- {word}: {text}" for word, text in rows.items() if text)])


def _location(location: Location | None) -> str:
    if location is None:
        return ""
    code = source_line(location)
    return markdown(place(location)) + (f" — {markdown(code)}" if code else "")


def _seen(cells: tuple[Result, ...]) -> str:
    targets = ", ".join(markdown(target) for target in dict.fromkeys(cell.target for cell in cells))
    places = [f"{device} {markdown(', '.join(checks))}" for device, checks in sightings(cells).items()]
    return f"{targets}: {'; '.join(places)}"


def _open_ends(cells: tuple[Result, ...]) -> list[str]:
    entries = unsettled(cells)
    if not entries:
        return []
    rows = [
        (
            name(entry.status),
            str(len(entry.cells)),
            markdown(f"{entry.cells[0].target} on {entry.cells[0].device.name}, {entry.cells[0].check}"),
            markdown(entry.reason),
        )
        for entry in entries
    ]
    return ["## Broke or not checked", table.pipes(("status", "cells", "first", "reason"), rows)]


def _suppressed(cells: tuple[Result, ...]) -> list[str]:
    rows = [
        (
            markdown(entry.first.finding.code),
            markdown(entry.first.finding.subject or ""),
            markdown(entry.first.reason),
            markdown(place(entry.first.place)),
            _seen(entry.seen),
        )
        for entry in suppressed(cells)
    ]
    return ["## Suppressed", table.pipes(("code", "subject", "reason", "said in", "seen"), rows)] if rows else []


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
    known = [(word, markdown(value)) for word, value in rows if value is not None]
    return f"## Environment\n\n{table.pipes(('what', 'version'), known)}"

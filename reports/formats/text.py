"""The report for a terminal: rates, grid, findings, what was not checked, and a verdict. No colour, 100 columns."""

from collections.abc import Iterator, Sequence

from ...harness.device import Device
from ...harness.environment import Environment
from ...harness.report import Report
from ...harness.result import Result, Status
from .. import table
from ..findings import group
from ..grid import cut, grid, name, total, words, worst_first
from ..scores import grouped, lowest_shares, scored
from ..summary import trust, unsettled, verdict
from ..suppressed import Accepted, suppressed
from . import routings, scoreboard, trainings
from .escape import line
from .findings_text import findings
from .paragraph import paragraph
from .source import place

VIRTUAL = (
    "virtual: no such hardware here; PyTorch's device rules were applied to values computed on the CPU, "
    "and times are not the hardware's"
)


# A table of more rows is folded: so many are shown, the worst, and the rest is counted. The same for paragraphs.
LONG, SHOWN = 100, 40
PARAGRAPHS = 50


def render(report: Report) -> str:
    """The report as plain text with a newline at the end; of a big one the worst, and how much more there is."""
    parts = [
        _environment(report.environment),
        *_suites(report),
        *_listings(report),
        *_findings(report),
        *_open_ends(report.cells),
        *_suppressed(report.cells),
    ]
    if any(cell.device.virtual for cell in report.cells):
        parts.append(paragraph("; ".join(filter(None, (VIRTUAL, trust(report))))))
    return "\n\n".join([*parts, line(verdict(report))]) + "\n"


def _environment(environment: Environment) -> str:
    versions = {
        "samedevice": environment.samedevice,
        "torch": environment.torch,
        "transformers": environment.transformers,
        "python": environment.python,
    }
    known = [f"{package} {version}" for package, version in versions.items() if version is not None]
    return paragraph(line(", ".join([*known, environment.platform])))


def _suites(report: Report) -> Iterator[str]:
    for suite, cells in grouped(report.cells, lambda cell: cell.suite).items():
        title = "" if suite is None else f"{line(suite)}: "
        trained = [cell for cell in cells if trainings.is_training(cell)]
        others = [cell for cell in scored(cells) if not trainings.is_training(cell)]
        for device, here in grouped(others, lambda cell: cell.device).items():
            yield _rates(title, device, here)
        if trained:
            yield from _trainings(title, trained)
        yield _statuses(title, cells)
        if board := routings.board(cells):
            yield f"{title}model x device x routing\n\n{_drawn(board)}"


def _trainings(title: str, cells: list[Result]) -> Iterator[str]:
    yield f"{title}training success\n\n{_drawn(trainings.success(cells))}"
    for devices, board in trainings.evaluations(cells):
        heading = f"{title}evaluation before and after, on {devices}"
        yield f"{paragraph(heading)}\n\n{_drawn(board)}"


def _drawn(board: scoreboard.Board) -> str:
    """A board whose headings have their line breaks already."""
    return table.terminal(board.headers, [[line(text) for text in row] for row in board.rows], board.align)


def _listings(report: Report) -> Iterator[str]:
    for listing in (cell.listing for cell in report.cells if cell.listing is not None):
        rows = [[line(text) for text in row] for row in listing.rows]
        align = table.alignment(rows, len(listing.headers))
        yield f"{line(listing.title)}\n\n{table.terminal([line(header) for header in listing.headers], rows, align)}"


def _findings(report: Report) -> Iterator[str]:
    groups = group(report.cells)
    yield from findings(groups[:PARAGRAPHS])
    if (rest := len(groups) - PARAGRAPHS) > 0:
        yield f"and {rest} more findings: --json FILE and --format html have all"


def _rates(title: str, device: Device, cells: tuple[Result, ...]) -> str:
    names = list(dict.fromkeys(cell.target for cell in cells))
    if len(names) > LONG:
        return "\n\n".join([f"{title}rates on {device.name} ({device.reality})", *_summed_rates(names, cells)])
    sums = "; ".join(f"{rate} {share}" for rate, share in scoreboard.overall(cells))
    return "\n\n".join(
        [
            f"{title}rates on {device.name} ({device.reality})",
            _board(cells),
            *([paragraph(line(f"all {len(names)} targets: {sums}"))] if len(names) > 1 else []),
        ]
    )


def _summed_rates(names: list[str], cells: tuple[Result, ...]) -> Iterator[str]:
    """Of very many targets the sums, and then the targets that are not at 100 %, the lowest first."""
    headers = (f"all {len(names)} targets", scoreboard.SHARE)
    rows = [(line(rate), share) for rate, share in scoreboard.overall(cells)]
    yield table.terminal(headers, rows, (table.LEFT, table.LEFT))
    lowest = lowest_shares(cells)
    short = sorted((name for name in names if lowest.get(name, 0.0) < 1), key=lambda name: lowest.get(name, 0.0))
    shown = frozenset(short[:SHOWN])
    if shown:
        yield _board([cell for cell in cells if cell.target in shown])
    if len(short) > len(shown):
        yield f"and {len(short) - len(shown)} more targets, none with a lower rate"
    if len(names) > len(short):
        yield f"{len(names) - len(short)} targets have every rate at 100 %"


def _board(cells: Sequence[Result]) -> str:
    board = scoreboard.tall(cells)
    rows = [(line(target), line(rate), *figures) for target, rate, *figures in board.rows]
    return table.terminal([_narrow(header) for header in board.headers], rows, board.align)


def _narrow(heading: str) -> str:
    """A heading over several lines, but for that of the shares: the other columns are narrow."""
    return heading if heading == scoreboard.SHARE else line(heading).replace(" ", "\n").replace("/", "\n/")


def _statuses(title: str, cells: tuple[Result, ...]) -> str:
    matrix = grid(cells)
    more = ""
    if len(matrix.rows) > LONG:
        matrix, rest = cut(worst_first(matrix), SHOWN)
        more = f"\n\nand {len(rest.rows)} more {rest.axis}s: {words(total(rest))}"
    headers = (matrix.axis, *(f"{device.name} ({device.reality})" for device in matrix.devices))
    rows = [
        (line(row), *(words(counts) for counts in places))
        for row, places in zip(matrix.rows, matrix.counts, strict=True)
    ]
    about = f" of {line(cells[0].target)}" if matrix.axis == "check" else ""
    return f"{title}checks{about}\n\n{table.terminal(headers, rows)}{more}"


def _open_ends(cells: tuple[Result, ...]) -> Iterator[str]:
    for status, heading in ((Status.ERROR, "broke"), (Status.NOT_CHECKED, name(Status.NOT_CHECKED))):
        entries = [entry for entry in unsettled(cells) if entry.status is status]
        if entries:
            rest = entries[PARAGRAPHS:]
            more = [f"  and {len(rest)} more reasons"] if rest else []
            told = (_open_end(entry.reason, entry.cells) for entry in entries[:PARAGRAPHS])
            yield "\n".join([heading, *told, *more])


def _suppressed(cells: tuple[Result, ...]) -> Iterator[str]:
    accepted = [_accepted(entry) for entry in suppressed(cells)]
    if accepted:
        yield "\n".join(["suppressed", *accepted])


def _accepted(entry: Accepted) -> str:
    finding, first = entry.first.finding, entry.seen[0]
    what = " ".join(filter(None, (finding.code, finding.severity.value, finding.subject)))
    where = f"{first.target} on {first.device.name} ({first.device.reality}), {first.check}"
    more = f" and {len(entry.seen) - 1} more" if len(entry.seen) > 1 else ""
    said = f"{what}, {where}{more}: {entry.first.reason} [{place(entry.first.place)}]"
    return paragraph(line(said), indent="  ", hang="      ")


def _open_end(reason: str, cells: tuple[Result, ...]) -> str:
    first = cells[0]
    where = f"{first.target} on {first.device.name} ({first.device.reality}), {first.check}"
    more = f" and {len(cells) - 1} more" if len(cells) > 1 else ""
    return paragraph(f"{line(where)}{more}: {line(reason)}", indent="  ", hang="      ")

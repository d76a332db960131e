"""The success rates as rows of text, before anyone escapes or draws them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...harness.result import Result
from ..scores import Total, grouped, totals
from ..table import LEFT, RIGHT
from . import figures

MEAN_TIME = "mean time"
SHARE = "success, 95 % interval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Headers, rows and alignment. Names of targets and measures are the user's words and not yet escaped."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: tuple[str, ...]


def tall(cells: Sequence[Result]) -> Board:
    """A row for each target and rate, with short headings: narrow enough for a terminal."""
    parts = [
        ("" if index else name, part)
        for name, members in grouped(cells, lambda cell: cell.target).items()
        for index, part in enumerate(_parts(members))
    ]
    extras = tuple(dict.fromkeys(_short(total, rate) for _, (rate, rest) in parts for total in rest))
    rows = []
    for name, (rate, rest) in parts:
        known = {_short(total, rate): figures.measure(total.name, total.value) for total in rest}
        rows.append((name, _stem(rate), share(rate), *(known.get(extra, "") for extra in extras)))
    return Board(
        headers=("target", "rate", SHARE, *extras),
        rows=tuple(rows),
        align=(LEFT, LEFT, LEFT, *(RIGHT for _ in extras)),
    )


def overall(cells: Sequence[Result]) -> tuple[tuple[str, str], ...]:
    """Each rate over all targets: its name and its share."""
    return tuple((_stem(rate), share(rate)) for rate in totals(cells) if rate.of is not None)


def wide(cells: Sequence[Result]) -> Board:
    """One row for each target with every number it has: for a page. The last row sums over the targets."""
    by_target = grouped(cells, lambda cell: cell.target)
    blocks = list(by_target.items())
    if len(blocks) > 1:
        blocks.append((f"all {len(blocks)} targets", tuple(cells)))
    rows = [(name, {total.name: total for total in totals(members)}) for name, members in blocks]
    columns = tuple(dict.fromkeys(total for _, row in rows for total in row))
    return Board(
        headers=("target", *(label(column) for column in columns)),
        rows=tuple(
            (name, *(_figure(row[column]) if column in row else "" for column in columns)) for name, row in rows
        ),
        align=(LEFT, *(RIGHT for _ in columns)),
    )


def label(name: str) -> str:
    """A measure's name as a heading: `tokens/s` for `tokens_per_second`, `mean forward time` for `forward_seconds`."""
    if name.endswith("_per_second"):
        return f"{name.removesuffix('_per_second').replace('_', ' ')}/s"
    if name.endswith("_seconds"):
        return f"mean {name.removesuffix('_seconds').replace('_', ' ')} time"
    return name.replace("_", " ")


def share(total: Total) -> str:
    """A rate with interval and count; the bare count where it cannot be a share.

    A sum over cells that each asked many questions has no interval: they asked the same ones, so its trials are not
    independent. Where each cell is one trial, as a stray planted in each model is, it has.
    """
    if total.of is None or not total.is_rate or (total.cells > 1 and not total.is_of_single):
        return f"{figures.count(total.value)}/{total.of}"
    return figures.rate(total.value, total.of)


def _parts(cells: Iterable[Result]) -> Iterator[tuple[Total, tuple[Total, ...]]]:
    """Each rate with the numbers of its row: the first rate of a check carries all that are no rates."""
    for check in grouped(cells, lambda cell: cell.check).values():
        numbers = totals(check)
        rest = tuple(total for total in numbers if total.of is None)
        for index, rate in enumerate(total for total in numbers if total.of is not None):
            yield rate, () if index else rest


def _stem(rate: Total) -> str:
    return label(rate.name.removesuffix("_success"))


def _short(total: Total, rate: Total) -> str:
    """`forward_seconds` in the row of `forward_success` needs no second `forward`."""
    return MEAN_TIME if total.name == f"{rate.name.removesuffix('_success')}_seconds" else label(total.name)


def _figure(total: Total) -> str:
    return figures.measure(total.name, total.value) if total.of is None else share(total)

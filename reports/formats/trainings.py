"""What trainings came to as rows of text: success for each training and device, evaluations before and after."""

from collections.abc import Iterator, Sequence

from ...harness.device import Device
from ...harness.measure import Measure
from ...harness.result import Result
from ..scores import grouped, totals
from ..table import LEFT, RIGHT
from . import figures
from .scoreboard import Board, label

_BATCHES, _ERRORS = "batches_success", "device_errors"
_FIRST, _LAST = "loss_first", "loss_last"
_BEFORE, _AFTER = "_before", "_after"
# Measures that share a column, its heading in lines, and how a value is shown that is no rate.
_COLUMNS = (
    ((_BATCHES,), "batches\n[95 % interval]", figures.count),
    ((_ERRORS,), "device\nerrors", figures.count),
    ((_FIRST, _LAST), "loss\nfirst\n-> last", figures.count),
    (("copied_bytes_per_step",), "copy\n/step", figures.size),
    (("peak_bytes",), "peak\nbytes", figures.size),
)


def is_training(cell: Result) -> bool:
    """True for a cell that trained or tried to: it counted batches, or took a loss."""
    return any(measure.name in (_BATCHES, _FIRST) for measure in cell.measures)


def success(cells: Sequence[Result]) -> Board:
    """A row for each training and device, then a sum for each device; what no cell measured has no column."""
    taken = {measure.name for cell in cells for measure in cell.measures}
    columns = [column for column in _COLUMNS if taken.intersection(column[0])]
    rows: list[tuple[str, ...]] = []
    by_target = grouped(cells, lambda cell: cell.target)
    for target, members in by_target.items():
        for index, cell in enumerate(members):
            shown = (_shown(cell, names, show) for names, _, show in columns)
            rows.append(("" if index else target, _place(cell.device), *shown))
    if len(by_target) > 1:
        rows += _sums(cells, [names[0] for names, _, _ in columns], f"all {len(by_target)} trainings")
    return Board(
        headers=("training", "device", *(heading for _, heading, _ in columns)),
        rows=tuple(rows),
        align=(LEFT, LEFT, *(LEFT if names == (_BATCHES,) else RIGHT for names, _, _ in columns)),
    )


def _shown(cell: Result, names: Sequence[str], show: figures.Show) -> str:
    """The figures of one column; a dash where there are none, as where the training died."""
    known = {measure.name: measure for measure in cell.measures}
    return " -> ".join(_figure(known[name], show) for name in names if name in known) or "-"


def evaluations(cells: Sequence[Result]) -> Iterator[tuple[str, Board]]:
    """What was asked before and after, with the devices where that was answered: those of the same figures share one.

    An answer that was measured but once has a dash for the other.
    """
    alike: dict[tuple[tuple[str, ...], ...], list[Device]] = {}
    for device, here in grouped(cells, lambda cell: cell.device).items():
        alike.setdefault(tuple(_answers(here)), []).append(device)
    for rows, devices in alike.items():
        if rows:
            headers = ("training", "evaluation", "before\n[95 % interval]", "after\n[95 % interval]")
            board = Board(headers=headers, rows=rows, align=(LEFT, LEFT, LEFT, LEFT))
            yield ", ".join(_place(device) for device in devices), board


def _answers(cells: Sequence[Result]) -> Iterator[tuple[str, ...]]:
    for target, members in grouped(cells, lambda cell: cell.target).items():
        known = {measure.name: measure for cell in members for measure in cell.measures}
        asked = dict.fromkeys(
            name.removesuffix(_BEFORE).removesuffix(_AFTER) for name in known if name.endswith((_BEFORE, _AFTER))
        )
        for index, name in enumerate(asked):
            pair = (known.get(f"{name}{when}") for when in (_BEFORE, _AFTER))
            shown = ("-" if measure is None else _figure(measure, figures.count) for measure in pair)
            yield ("" if index else target, label(name), *shown)


def _sums(cells: Sequence[Result], columns: Sequence[str], title: str) -> Iterator[tuple[str, ...]]:
    """Batches and device errors of each device; a sum over trainings has no interval (`scoreboard.share`)."""
    for index, (device, here) in enumerate(grouped(cells, lambda cell: cell.device).items()):
        summed = {total.name: total for total in totals(here) if total.name in (_BATCHES, _ERRORS)}
        shown = {
            name: figures.count(total.value) + ("" if total.of is None else f"/{total.of}")
            for name, total in summed.items()
        }
        yield ("" if index else title, _place(device), *(shown.get(name, "") for name in columns))


def _figure(measure: Measure, show: figures.Show) -> str:
    return show(measure.value) if measure.of is None else figures.short_rate(measure.value, measure.of)


def _place(device: Device) -> str:
    return f"{device.name} ({device.reality})"

"""How much longer a device took than the CPU for the same work, in the same run on the same machine."""

from collections.abc import Iterator, Sequence
from statistics import median

from ..report import Report
from ..result import Result
from .comparison import Overhead

# Below this a clock tick or a cold cache decides, and a ratio means nothing.
LEAST_SECONDS = 0.001


def overheads(reports: Sequence[Report], allowed: float) -> tuple[Overhead, ...]:
    """For each device the median of its times over the CPU's, pair by pair.

    A pair is a measure `*_seconds` that the same check took of the same target on both, in one report: the seconds of
    two runs say nothing of each other, nor do those of whole cells, which do other work on the CPU. Of several
    reports the least disturbed counts.
    """
    found: dict[str, list[Overhead]] = {}
    for report in reports:
        for one in _of(report, allowed):
            found.setdefault(one.device, []).append(one)
    return tuple(min(several, key=_order) for several in found.values())


def _order(one: Overhead) -> float:
    return float("inf") if one.ratio is None else one.ratio


def _of(report: Report, allowed: float) -> Iterator[Overhead]:
    host = {name: seconds for cell in report.cells if cell.device.kind == "cpu" for name, seconds in _times(cell)}
    for device in dict.fromkeys(cell.device for cell in report.cells if cell.device.kind != "cpu"):
        times = (pair for cell in report.cells if cell.device == device for pair in _times(cell))
        ratios = [seconds / host[name] for name, seconds in times if name in host]
        yield Overhead(
            device=f"{device.name} ({device.reality})",
            ratio=median(ratios) if ratios else None,
            pairs=len(ratios),
            allowed=allowed,
        )


def _times(cell: Result) -> Iterator[tuple[tuple[str | None, str, str, str], float]]:
    for measure in cell.measures:
        if measure.name.endswith("_seconds") and measure.value >= LEAST_SECONDS:
            yield (cell.suite, cell.target, cell.check, measure.name), measure.value

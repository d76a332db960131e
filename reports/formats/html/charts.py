"""Success rates and times as charts: one line of HTML for each, with a small SVG that draws its interval."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, log10
from statistics import median, quantiles

from ....harness.device import Device
from ....harness.report import Report
from ....harness.result import Result, Status
from ...intervals import wilson
from .. import figures
from ..said import where
from ..scoreboard import label
from .markup import section, text

# Lines of a chart; the rest is counted below it.
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One line: positions are shares of the width. `thick` is the inner part of the interval, where it has one.

    `of` says what the line is about, by the names of the page's filters.
    """

    words: str
    device: Device
    of: Mapping[str, str]
    at: float
    low: float
    high: float
    thick: tuple[float, float] | None = None
    figure: str


def rates(report: Report) -> str:
    """Every counted rate with its 95 % Wilson interval, the lowest first; empty where nothing was counted."""
    marks = sorted((mark for cell in report.cells for mark in _rates(cell)), key=lambda mark: mark.at)
    if not marks:
        return ""
    about = "Successes of all trials; the line is the 95 % Wilson interval. The lowest rates come first."
    ticks = [(share / 100, f"{share} %") for share in (0, 25, 50, 75, 100)]
    return section("rates", "Success rates", _chart(about, ticks, marks))


def times(report: Report) -> str:
    """How long the cells of each check took on each device, the slowest first; empty where nothing ran."""
    taken: dict[tuple[str, str, Device], list[float]] = {}
    for cell in report.cells:
        for name, seconds in _times(cell):
            taken.setdefault((cell.check, name, cell.device), []).append(seconds)
    if not taken:
        return ""
    everything = [seconds for many in taken.values() for seconds in many]
    low, high = _decades(min(everything), max(everything))
    marks = [_time(what, many, (low, high)) for what, many in taken.items()]
    ticks = [((power - low) / (high - low), figures.duration(10.0**power)) for power in range(low, high + 1)]
    about = (
        "Wall time of this run, on a logarithmic scale: the dot is the median, the thick line the middle half, the "
        "thin one all. A virtual device's times are the CPU's and say nothing of the hardware. The slowest come first."
    )
    return section("times", "Times", _chart(about, ticks, sorted(marks, key=lambda mark: -mark.at)))


def _rates(cell: Result) -> Iterable[Mark]:
    for one in cell.measures:
        if one.of and 0 <= one.value <= one.of:
            interval = wilson(one.value, one.of)
            words = f"{cell.target}, {label(one.name.removesuffix('_success'))}"
            yield Mark(
                words=words,
                device=cell.device,
                of={"suite": cell.suite or "", "target": cell.target, "check": cell.check},
                at=one.value / one.of,
                low=interval.low,
                high=interval.high,
                figure=figures.rate(one.value, one.of),
            )


def _times(cell: Result) -> Iterable[tuple[str, float]]:
    if cell.status in (Status.PASS, Status.FAIL) and _is_time(cell.seconds):
        yield "whole cell", cell.seconds
    for one in cell.measures:
        if one.name.endswith("_seconds") and one.of is None and _is_time(one.value):
            yield label(one.name), one.value


def _is_time(seconds: float) -> bool:
    return isfinite(seconds) and 1e-9 < seconds < 1e9


def _decades(least: float, most: float) -> tuple[int, int]:
    """The powers of ten around the times, at least one apart."""
    low, high = int(log10(least) // 1), int(-(-log10(most) // 1))
    return low, max(high, low + 1)


def _time(what: tuple[str, str, Device], seconds: list[float], decades: tuple[int, int]) -> Mark:
    check, name, device = what

    def place(value: float) -> float:
        return (log10(value) - decades[0]) / (decades[1] - decades[0])

    middle = median(seconds)
    thick = None
    if len(seconds) > 3:
        first, _, third = quantiles(seconds, n=4, method="inclusive")
        thick = (place(first), place(third))
    spread = f" [{figures.duration(min(seconds))}, {figures.duration(max(seconds))}]" if len(seconds) > 1 else ""
    cells = f"{len(seconds)} cell{'s' * (len(seconds) != 1)}"
    return Mark(
        words=f"{check}, {name}",
        device=device,
        of={"check": check},
        at=place(middle),
        low=place(min(seconds)),
        high=place(max(seconds)),
        thick=thick,
        figure=f"{figures.duration(middle)}{spread}, {cells}",
    )


def _chart(about: str, ticks: Sequence[tuple[float, str]], marks: Sequence[Mark]) -> str:
    lines = "\n".join(_line(mark, [at for at, _ in ticks]) for mark in marks[:MOST])
    rest = len(marks) - MOST
    left_out = f'<p class="note">{rest} more are not drawn.</p>' if rest > 0 else ""
    scale = "".join(
        f'<text x="{_percent(at)}" y="12" text-anchor="{_anchor(at)}">{text(word)}</text>' for at, word in ticks
    )
    return (
        f'<p class="note">{about}</p>\n<ol class="chart">\n'
        f'<li class="scale" aria-hidden="true"><span></span><svg height="16">{scale}</svg><span></span></li>\n'
        f"{lines}\n</ol>{left_out}"
    )


def _line(mark: Mark, ticks: Sequence[float]) -> str:
    grid = "".join(f'<line class="tick" x1="{_percent(at)}" x2="{_percent(at)}" y1="0" y2="18"/>' for at in ticks)
    thick = "" if mark.thick is None else _bar("thick", *mark.thick)
    kind = mark.device.reality
    # A real device is a dot, a virtual one a ring: not by colour alone.
    dot = f'<circle class="{kind}" cx="{_percent(mark.at)}" cy="9" r="4.5"/>'
    words = f"{text(mark.words)} <b>{text(where(mark.device))}</b>"
    bars = f"{grid}{_bar('thin', mark.low, mark.high)}{thick}{dot}"
    svg = f'<svg height="18" aria-hidden="true">{bars}</svg>'
    of = {**mark.of, "device": where(mark.device)}
    about = "".join(f' data-{name}="{text(value)}"' for name, value in of.items())
    return f"<li{about}><span>{words}</span>{svg}<span>{text(mark.figure)}</span></li>"


def _bar(name: str, low: float, high: float) -> str:
    return f'<line class="{name}" x1="{_percent(low)}" x2="{_percent(high)}" y1="9" y2="9"/>'


def _percent(share: float) -> str:
    return f"{100 * share:.2f}%"


def _anchor(at: float) -> str:
    return "start" if at <= 0.01 else "end" if at >= 0.99 else "middle"

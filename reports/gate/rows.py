"""The rows of the gate's table: cells in the same state for the same cause share one."""

from collections.abc import Iterator
from dataclasses import dataclass

from ...harness.finding import Finding
from ...harness.gate import Comparison, Judged, Key, State, named
from ..formats.source import place


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Cells in one state for one cause. `cells` has at least one; `holds` is that of all of them."""

    state: State
    holds: bool
    what: tuple[str, ...]
    cells: tuple[Key, ...]


def rows(comparison: Comparison) -> tuple[Row, ...]:
    """All cells but those that pass as they should, worst first. `what` is not escaped yet."""
    met: dict[tuple[State, bool, tuple[str, ...]], list[Key]] = {}
    for one in comparison.judged:
        if one.state is not State.PASS:
            met.setdefault((one.state, one.holds, tuple(_what(one))), []).append(one.key)
    return tuple(
        Row(state=state, holds=holds, what=what, cells=tuple(cells)) for (state, holds, what), cells in met.items()
    )


def _what(one: Judged) -> Iterator[str]:
    for finding in one.new:
        yield _finding(finding)
    if one.crash:
        yield f"broke: {one.crash}"
    if one.gone:
        yield "gone: " + "; ".join(dict.fromkeys(map(named, one.gone)))
    if one.said:
        yield one.said


def _finding(finding: Finding) -> str:
    where = " used ".join(dict.fromkeys(place(at) for at in (finding.origin, finding.use) if at is not None))
    parts = [finding.code, finding.severity.value, finding.subject or "", f"[{where}]" if where else ""]
    return " ".join(filter(None, parts)) + (f": {finding.hint}" if finding.hint else "")


def places(cells: tuple[Key, ...]) -> tuple[str, str, str]:
    """Where a row was seen: targets, checks and devices, each in words."""
    targets = list(dict.fromkeys(cell.target for cell in cells))
    who = targets[0] + (f" and {len(targets) - 1} more" if len(targets) > 1 else "")
    checks = dict.fromkeys(cell.check for cell in cells)
    devices = dict.fromkeys(f"{cell.device} ({cell.kind})" for cell in cells)
    return who, ", ".join(checks), ", ".join(devices)


def verdict(comparison: Comparison) -> str:
    """One line: whether the gate holds, and how many cells are in which state."""
    counts = comparison.counts
    told = ", ".join(f"{counts[state]} {state}" for state in State if counts[state]) or "nothing to compare"
    if comparison.is_broken:
        return f"The gate FAILS: {told}."
    return f"The gate was NOT CHECKED in full: {told}." if comparison.is_open else f"The gate HOLDS: {told}."


def overheads(comparison: Comparison) -> Iterator[str]:
    """What was measured of times, in words: nothing where nobody asked."""
    for one in comparison.overheads:
        if one.ratio is None:
            yield f"{one.device}: times were not compared: no report has a time of it and the CPU's of the same work"
        else:
            more = "no more than" if one.holds else "MORE than"
            told = f"{one.device}: {one.ratio:.2g} times the CPU's times (median of {one.pairs})"
            yield f"{told}, {more} the {one.allowed:g} allowed"


def is_stale(comparison: Comparison) -> bool:
    """Whether accepting what is new would change the baseline."""
    return any(not one.holds and one.state is not State.NOT_CHECKED for one in comparison.judged)

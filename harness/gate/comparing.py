"""Compare reports with a baseline, cell by cell."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..finding import Severity
from ..report import Report
from ..result import Result, Status
from ..suppressing import CHECK as SUPPRESSIONS
from .comparison import Judged, State
from .known import Flaw, Key, Known, at_least, flaw_of, flaws_of, key_of

_WORST_FIRST = tuple(State)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the reports say of one cell, report by report: what was checked if any was, else why it was not.

    A report may hold a cell twice, as where two tests check the same model: what either found counts.
    """

    reports: tuple[tuple[Result, ...], ...]

    @property
    def results(self) -> tuple[Result, ...]:
        """All results of the cell."""
        return tuple(result for results in self.reports for result in results)

    @property
    def is_checked(self) -> bool:
        """Whether any report has an outcome."""
        return any(result.status is not Status.NOT_CHECKED for result in self.results)

    def outcomes(self, level: Severity) -> list[Counter[Flaw]]:
        """The flaws that count in each report."""
        return [at_least(most([flaws_of(result) for result in results]), level) for results in self.reports]


def seen(reports: Sequence[Report]) -> dict[Key, Seen]:
    """The cells of all reports. One that was checked in any of them counts as checked."""
    met: dict[Key, list[list[Result]]] = {}
    for report in reports:
        here: dict[Key, list[Result]] = {}
        for cell in report.cells:
            here.setdefault(key_of(cell), []).append(cell)
        for key, cells in here.items():
            checked = [cell for cell in cells if cell.status is not Status.NOT_CHECKED]
            met.setdefault(key, []).append(checked or cells)
    return {key: _seen(all_cells) for key, all_cells in met.items()}


def _seen(reports: list[list[Result]]) -> Seen:
    checked = [cells for cells in reports if cells[0].status is not Status.NOT_CHECKED]
    return Seen(reports=tuple(map(tuple, checked or reports)))


def compare(baseline: Mapping[Key, Known], reports: Sequence[Report], level: Severity) -> tuple[Judged, ...]:
    """The state of every cell of the baseline and of the reports, worst first.

    Several reports are shards of a run, or the same run again: a cell with different outcomes is flaky. Flaws below
    `level` are not compared.
    """
    found = seen(reports)
    judged = [_judged(key, baseline.get(key), found.get(key), level) for key in {**baseline, **found}]
    judged = [one for one in judged if one.key.check != SUPPRESSIONS or one.state is not State.PASS]
    return tuple(sorted(judged, key=lambda one: (one.holds, _WORST_FIRST.index(one.state), one.key)))


def _judged(key: Key, known: Known | None, found: Seen | None, level: Severity) -> Judged:
    if found is None:
        return _missing(key, known, level)
    if not found.is_checked:
        was_checked = known is not None and known.status is not Status.NOT_CHECKED
        reason = found.results[0].reason or "no reason was given"
        return Judged(key=key, state=State.NOT_CHECKED, holds=not was_checked, said=reason)
    expected = Counter[Flaw]() if known is None else at_least(known.flaws, level)
    outcomes = found.outcomes(level)
    worst = most(outcomes)
    if worst - expected:
        return _failed(key, found, worst - expected)
    if known is not None and known.flaky:
        return Judged(key=key, state=State.FLAKY, holds=True, said=known.reason)
    if any(outcome != worst for outcome in outcomes):
        return _flaky(key, outcomes)
    return _settled(key, known, expected, worst)


def _missing(key: Key, known: Known | None, level: Severity) -> Judged:
    assert known is not None  # a cell is in the baseline, in the reports, or in both
    if key.check == SUPPRESSIONS:  # the cell is there only while something is wrong with a suppression
        gone = tuple(sorted(at_least(known.flaws, level)))
        return Judged(key=key, state=State.IMPROVED if gone else State.PASS, holds=not gone, gone=gone)
    return Judged(key=key, state=State.MISSING, holds=False, said="in no report")


def _settled(key: Key, known: Known | None, expected: Counter[Flaw], now: Counter[Flaw]) -> Judged:
    """A cell that does not fail anew, and does the same in all reports."""
    gone = tuple(sorted((expected - now).elements()))
    if gone:
        return Judged(key=key, state=State.IMPROVED, holds=False, gone=gone)
    if now:
        assert known is not None  # else it were new
        reasons = dict.fromkeys(f"{named(flaw)}: {known.reasons.get(flaw, '')}" for flaw in sorted(now))
        return Judged(key=key, state=State.XFAIL, holds=True, said="; ".join(reasons))
    if key.check == SUPPRESSIONS or (known is not None and known.status is not Status.NOT_CHECKED):
        return Judged(key=key, state=State.PASS, holds=True)
    was = "passes, and is not in the baseline" if known is None else "passes, and was not checked before"
    return Judged(key=key, state=State.IMPROVED, holds=False, said=was)


def _failed(key: Key, found: Seen, new: Counter[Flaw]) -> Judged:
    findings = [one for result in found.results for one in result.findings if flaw_of(one) in new]
    crashes = [result.reason or "" for result in found.results if result.status is Status.ERROR]
    is_crash = any(flaw not in map(flaw_of, findings) for flaw in new)
    return Judged(
        key=key,
        state=State.FAIL,
        holds=False,
        new=tuple(dict.fromkeys(findings)),
        crash=crashes[0] if is_crash and crashes else "",
    )


def _flaky(key: Key, outcomes: Sequence[Counter[Flaw]]) -> Judged:
    always = outcomes[0]
    for outcome in outcomes:
        always = always & outcome
    at_times = sorted(most(outcomes) - always)
    shows = (f"{named(flaw)} in {sum(flaw in one for one in outcomes)} of {len(outcomes)} reports" for flaw in at_times)
    return Judged(key=key, state=State.FLAKY, holds=False, said="; ".join(shows))


def most(outcomes: Iterable[Counter[Flaw]]) -> Counter[Flaw]:
    """Each flaw as often as it showed in the outcome that has it most often."""
    most = Counter[Flaw]()
    for outcome in outcomes:
        most |= outcome
    return most


def named(flaw: Flaw) -> str:
    """A flaw in words: `SD201 scale`, or `SD301 in net.py` where it has no subject."""
    return " ".join(filter(None, (flaw.code, flaw.subject or (flaw.file and f"in {flaw.file}"))))

"""Judging: does the virtual device do what the real one did?"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .asking import Answering, Omission, Request
from .crew import shared
from .row import Ending, Outcome, Row


class Verdict(StrEnum):
    """What the comparison of two outcomes says about the virtual device."""

    AGREES = "agrees"
    FALSE_POSITIVE = "false positive"
    FALSE_NEGATIVE = "false negative"
    OTHER_RESULT = "other result"
    CRASHED = "crashed"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A recorded row, what the virtual device made of it (None: nothing), and the verdict.

    `reason` says why there is nothing to compare, where there is not.
    """

    row: Row
    replayed: Outcome | None
    reason: str = ""

    @property
    def verdict(self) -> Verdict:
        """The verdict; the words of two errors do not count."""
        recorded, replayed = self.row.outcome, self.replayed
        if replayed is None or recorded.ending is Ending.CRASHED:
            return Verdict.NOT_CHECKED
        if replayed.ending is Ending.CRASHED:
            return Verdict.CRASHED
        if recorded.ending is not replayed.ending:
            return Verdict.FALSE_POSITIVE if replayed.ending is Ending.RAISED else Verdict.FALSE_NEGATIVE
        return Verdict.AGREES if recorded.results == replayed.results else Verdict.OTHER_RESULT

    @property
    def has_other_words(self) -> bool:
        """True where both raised, but not the same type with the same first line."""
        return self.verdict is Verdict.AGREES and self.row.outcome != self.replayed


def judged(
    start: Callable[[], Answering],
    rows: Sequence[Row],
    shown: Callable[[Sequence[str]], Iterable[str]],
    workers: int = 1,
) -> tuple[Judged, ...]:
    """Every row with what as many workers of `start` make of it.

    `shown` passes the subjects on, and tells somebody how far we are.
    """
    wanted: dict[str, set[str]] = {}
    for row in rows:
        wanted.setdefault(row.call.subject, set()).add(row.call.key)
    requests = (Request(subject=subject, wanted=frozenset(wanted[subject])) for subject in shown(tuple(wanted)))
    replayed: dict[tuple[str, str], Outcome] = {}
    omitted: dict[str, str] = {}
    for one in shared(start, requests, workers):
        if isinstance(one, Omission):
            omitted[one.subject] = one.reason
        else:
            replayed[one.call.subject, one.call.key] = one.outcome
    return tuple(
        Judged(
            row=row,
            replayed=replayed.get((row.call.subject, row.call.key)),
            reason=_why(row, omitted.get(row.call.subject)),
        )
        for row in rows
    )


def _why(row: Row, omitted: str | None) -> str:
    if row.outcome.ending is Ending.CRASHED:
        return f"the recording has no outcome: {row.outcome.message}"
    return omitted or "this PyTorch makes other samples"

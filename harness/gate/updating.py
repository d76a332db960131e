"""A new baseline: what the reports say, with the reasons that the old one gave."""

from collections.abc import Mapping, Sequence

from ..finding import Severity
from ..report import Report
from ..result import Status
from .comparing import Seen, most, seen
from .known import Flaw, Key, Known


def updated(old: Mapping[Key, Known], reports: Sequence[Report], reason: str = "") -> dict[Key, Known]:
    """The baseline that these reports hold to.

    A cell that is in no report is dropped; one that was not checked, and was before, stays as it is, and so does the
    mark of a flaky one. What is accepted anew is accepted for `reason`; `unexplained` says what then has none.
    """
    return {key: _known(old.get(key), found, reason) for key, found in seen(reports).items()}


def unexplained(baseline: Mapping[Key, Known]) -> int:
    """How many flaws and flaky cells of a baseline are accepted without a reason. Notes need none."""
    flaws = sum(_needs(flaw) and not known.reasons[flaw] for known in baseline.values() for flaw in known.flaws)
    return flaws + sum(known.flaky and not known.reason for known in baseline.values())


def _known(old: Known | None, found: Seen, reason: str) -> Known:
    if not found.is_checked:
        return old if old is not None else Known(status=Status.NOT_CHECKED)
    outcomes = found.outcomes(Severity.NOTE)
    before = old or Known(status=Status.PASS)
    flaws = most([*outcomes, *([before.flaws] if before.flaky else [])])
    flaky = before.flaky or any(outcome != flaws for outcome in outcomes)
    return Known(
        status=max((result.status for result in found.results), key=tuple(Status).index),
        flaws=flaws,
        reasons={flaw: before.reasons.get(flaw) or (reason if _needs(flaw) else "") for flaw in flaws},
        flaky=flaky,
        reason=(before.reason or reason) if flaky else "",
    )


def _needs(flaw: Flaw) -> bool:
    return flaw.severity is not Severity.NOTE

"""What is known of a cell: the words of a baseline, free of machines, lines and times."""

from collections import Counter
from dataclasses import dataclass, field

from ..blame import OURS
from ..finding import Finding, Location, Severity
from ..result import Result, Status
from .paths import portable

GRAVITY = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Key:
    """Which cell: `device` is its name, `kind` says `real` or `virtual`; `suite` is empty where none asked."""

    suite: str
    target: str
    check: str
    device: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Flaw:
    """What makes two findings the same from commit to commit: no line, since lines move.

    A crash is a flaw too, with the exception's type as its code.
    """

    code: str
    subject: str = ""
    file: str = ""
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a baseline says of one cell: how often each flaw, and why it is accepted.

    `flaky`: each of the flaws may or may not show; `reason` says why that is accepted.
    """

    status: Status
    flaws: Counter[Flaw] = field(default_factory=Counter)
    reasons: dict[Flaw, str] = field(default_factory=dict)
    flaky: bool = False
    reason: str = ""


def at_least(flaws: Counter[Flaw], level: Severity) -> Counter[Flaw]:
    """The flaws that are as grave as the level, or graver."""
    return Counter({flaw: count for flaw, count in flaws.items() if GRAVITY[flaw.severity] >= GRAVITY[level]})


def key_of(cell: Result) -> Key:
    """The key of a result."""
    return Key(
        suite=cell.suite or "",
        target=portable(cell.target),
        check=cell.check,
        device=cell.device.name,
        kind=cell.device.reality,
    )


def flaw_of(finding: Finding) -> Flaw:
    """The flaw that a finding is an instance of."""
    place = finding.origin or finding.use or Location(file="", line=0)
    return Flaw(code=finding.code, subject=finding.subject or "", file=portable(place.file), severity=finding.severity)


def flaws_of(cell: Result) -> Counter[Flaw]:
    """The flaws of a result."""
    crash = [Flaw(code=_crash(cell))] if cell.status is Status.ERROR else []
    return Counter([*map(flaw_of, cell.findings), *crash])


def _crash(cell: Result) -> str:
    """What broke a cell, without its words: the type of the exception, as its reason begins."""
    reason = (cell.reason or "").removeprefix(OURS)
    name = reason.partition(":")[0].partition(" ")[0]
    return name if name.isidentifier() else "crash"

"""Suppressions: findings that someone has looked at, and accepted for a reason."""

from dataclasses import dataclass

from .finding import Finding, Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """`# samedevice: ignore[SD301] -- why` in a source file.

    It holds for the lines `first` to `last`. Where it is malformed, `flaw` says how, and it silences nothing.
    """

    place: Location
    first: int
    last: int
    codes: tuple[str, ...] = ()
    reason: str = ""
    flaw: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One table of `ignore` in `[tool.samedevice]`. What is None holds for all; the others are patterns with `*`."""

    code: str
    reason: str
    place: Location
    target: str | None = None
    subject: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """A finding that does not count, why, and the comment or entry that says so."""

    finding: Finding
    reason: str
    place: Location

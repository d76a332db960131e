"""Findings of the audit: every one names the file, says what is wrong there, and what to type."""

from collections.abc import Iterable, Sequence

from ..finding import Finding, Severity

_LONGEST_NAME = 120
_MOST_NAMES = 3


def error(code: str, subject: str, what: str, hint: str) -> Finding:
    """Whoever loads this gets something else than was saved, nothing at all, or runs foreign code."""
    return _finding(Severity.ERROR, code, subject, what, hint)


def warning(code: str, subject: str, what: str, hint: str) -> Finding:
    """Some loader goes wrong here, or a write did; another may do what was meant."""
    return _finding(Severity.WARNING, code, subject, what, hint)


def note(code: str, subject: str, what: str, hint: str) -> Finding:
    """True and worth knowing, and no reason to refuse the checkpoint."""
    return _finding(Severity.NOTE, code, subject, what, hint)


def _finding(severity: Severity, code: str, subject: str, what: str, hint: str) -> Finding:
    return Finding(code=code, severity=severity, subject=plain(subject), message=plain(what), hint=plain(hint))


def plain(text: str) -> str:
    """Text that every file and terminal takes: names on disk and in JSON may hold halves of characters."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def quoted(name: object) -> str:
    """A foreign name in backticks, cut where it goes on for ever."""
    text = str(name)
    return f"`{text if len(text) <= _LONGEST_NAME else text[:_LONGEST_NAME] + '...'}`"


def some(names: Iterable[object]) -> str:
    """The first few names and how many more there are: `` `a`, `b`, `c` and 12 more ``."""
    every = list(names)
    shown = ", ".join(quoted(name) for name in every[:_MOST_NAMES])
    more = len(every) - _MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def first_of(file: str, flaws: Sequence[tuple[str, str]]) -> str:
    """One message for many tensors with the same flaw: the first in full, the others by name."""
    key, what = flaws[0]
    others = f"; likewise {some(key for key, _ in flaws[1:])}" if len(flaws) > 1 else ""
    return f"{quoted(file)}: {quoted(key)} {what}{others}"

"""Apply suppressions: results in, results out. The one place where a finding stops counting."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from ..device import Device
from ..finding import Finding, Severity
from ..result import Result, Status
from ..suppression import Comment, Entry, Suppressed
from .asked import Planned, asked_of
from .comments import comments
from .stale import meant, stale

# The check that the findings about suppressions themselves belong to. It has a cell only where there are any.
CHECK = "suppressions"


def applied(results: Iterable[Result], entries: Sequence[Entry], planned: Iterable[Planned] = ()) -> tuple[Result, ...]:
    """The results with what is suppressed set aside.

    A finding is silenced by a comment at the statement of its `origin` or of its `use`, or by an entry. A cell
    without another error passes. For each target whose suppressions are void or stale a cell `suppressions` comes
    last; stale they can only be called as far as `planned` says what was asked.
    """
    results = tuple(results)
    settled = tuple(_settled(result, entries) for result in results)
    told: dict[str, dict[Finding, None]] = {}
    for result in results:
        void = (comment.flaw for comment in (*_beside(result.findings), *result.met))
        told.setdefault(result.target, {}).update(dict.fromkeys(flaw for flaw in void if flaw is not None))
    for target, finding in stale(settled, entries, asked_of(planned, results)):
        told[target][finding] = None
    suites = {result.target: result.suite for result in reversed(results)}
    return settled + tuple(_cell(target, suites[target], tuple(found)) for target, found in told.items() if found)


def _settled(result: Result, entries: Sequence[Entry]) -> Result:
    silenced = {finding: by for finding in result.findings if (by := _silencer(finding, result, entries))}
    if not silenced:
        return result
    left = tuple(finding for finding in result.findings if finding not in silenced)
    failed = result.status is Status.FAIL and any(finding.severity is Severity.ERROR for finding in left)
    return replace(
        result,
        status=Status.PASS if result.status is Status.FAIL and not failed else result.status,
        findings=left,
        suppressed=(*result.suppressed, *silenced.values()),
    )


def _silencer(finding: Finding, result: Result, entries: Sequence[Entry]) -> Suppressed | None:
    for comment in _beside([finding]):
        if comment.flaw is None and finding.code in comment.codes:
            return Suppressed(finding=finding, reason=comment.reason, place=comment.place)
    for entry in entries:
        if entry.code == finding.code and meant(entry, result.target, result.device) and _is_subject(entry, finding):
            return Suppressed(finding=finding, reason=entry.reason, place=entry.place)
    return None


def _beside(findings: Iterable[Finding]) -> Iterator[Comment]:
    """The suppressions at the statements that findings name."""
    for place in dict.fromkeys(place for one in findings for place in (one.origin, one.use) if place is not None):
        yield from (comment for comment in comments(place.file) if comment.first <= place.line <= comment.last)


def _is_subject(entry: Entry, finding: Finding) -> bool:
    if entry.subject is None or entry.subject == finding.subject:  # as written: a subject may hold brackets
        return True
    return finding.subject is not None and fnmatchcase(finding.subject, entry.subject)


def _cell(target: str, suite: str | None, findings: tuple[Finding, ...]) -> Result:
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    return Result(
        target=target,
        device=Device(kind="cpu"),
        check=CHECK,
        suite=suite,
        status=Status.FAIL if failed else Status.PASS,
        findings=findings,
    )

"""The same finding in many cells is one finding, with the list of where it was seen."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..harness.finding import Finding, Location, Severity
from ..harness.result import Result

_GRAVE_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One defect. `finding` is its first report, `messages` all its wordings, `seen` the cells that met it."""

    finding: Finding
    severity: Severity
    messages: tuple[str, ...]
    seen: tuple[Result, ...]


def group(cells: Iterable[Result]) -> tuple[Group, ...]:
    """The findings of all cells, each once, errors before warnings before notes.

    Two findings are the same if code, subject and origin are; where neither subject nor origin is
    known, the message decides.
    """
    met: dict[tuple[str, str | None, Location | None, str | None], list[tuple[Finding, Result]]] = {}
    for cell in cells:
        for finding in cell.findings:
            met.setdefault(_identity(finding), []).append((finding, cell))
    groups = [_group(pairs) for pairs in met.values()]
    return tuple(sorted(groups, key=lambda group: _GRAVE_FIRST.index(group.severity)))


def _identity(finding: Finding) -> tuple[str, str | None, Location | None, str | None]:
    nameless = finding.subject is None and finding.origin is None
    return finding.code, finding.subject, finding.origin, finding.message if nameless else None


def _group(pairs: list[tuple[Finding, Result]]) -> Group:
    findings = [finding for finding, _ in pairs]
    return Group(
        finding=findings[0],
        severity=min((finding.severity for finding in findings), key=_GRAVE_FIRST.index),
        messages=tuple(dict.fromkeys(finding.message for finding in findings)),
        seen=tuple(dict.fromkeys(cell for _, cell in pairs)),
    )


def sightings(seen: Iterable[Result]) -> dict[str, tuple[str, ...]]:
    """Where a finding was seen: `cuda:0 (virtual)` -> its checks, over all targets, in order of appearance."""
    places: dict[str, dict[str, None]] = {}
    for cell in seen:
        places.setdefault(f"{cell.device.name} ({cell.device.reality})", {})[cell.check] = None
    return {device: tuple(checks) for device, checks in places.items()}

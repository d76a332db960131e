"""What the gate found, as annotations of GitHub Actions: each new finding in its line of the diff."""

from collections.abc import Iterator

from ...harness.finding import Finding, Location, Severity
from ...harness.gate import Comparison, Judged, State
from ..formats.escape import line
from ..formats.source import place
from .rows import verdict

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(comparison: Comparison) -> str:
    """One workflow command for each new finding and crash, the gravest first, then one for the verdict."""
    said = dict.fromkeys(command for one in comparison.judged if one.state is State.FAIL for command in _commands(one))
    level = "notice" if not (comparison.is_broken or comparison.is_open) else "error"
    # GitHub shows no more than ten of a level for a step: errors must not drown in warnings.
    return "\n".join([*sorted(said, key=_gravity), f"::{level} title=samedevice::{_text(verdict(comparison))}"]) + "\n"


def _gravity(command: str) -> int:
    return list(_LEVELS.values()).index(command[2:].partition(" ")[0])


def _commands(one: Judged) -> Iterator[str]:
    where = f"{one.key.target}, {one.key.check} on {one.key.device} ({one.key.kind})"
    for finding in one.new:
        hint = f"; {finding.hint}" if finding.hint else ""
        subject = f" {finding.subject}" if finding.subject else ""
        yield _command(finding, f"{finding.code}{subject}", f"{finding.message}{hint}")
    if one.crash:
        yield f"::error title={_property('samedevice')}::{_text(f'{where} broke: {one.crash}')}"


def _command(finding: Finding, title: str, text: str) -> str:
    at = finding.origin or finding.use
    spot = "" if at is None else f"file={_property(_file(at))},line={at.line},"
    return f"::{_LEVELS[finding.severity]} {spot}title={_property(title)}::{_text(text)}"


def _file(at: Location) -> str:
    return place(at).rpartition(":")[0]


def _text(text: str) -> str:
    return line(text).replace("%", "%25")


def _property(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")

"""The findings of a report as paragraphs for a terminal."""

from collections.abc import Iterator, Sequence

from ...harness.codes import CODES
from ...harness.finding import Location
from ...harness.result import Result
from ..findings import Group, sightings
from .escape import line
from .paragraph import paragraph
from .source import place, source_line

_INDENT = " " * 4
_HANG = " " * 12


def findings(groups: Sequence[Group]) -> Iterator[str]:
    """One paragraph for each different finding: what, who, where it comes from, what to type, where it was seen."""
    for number, entry in enumerate(groups, start=1):
        yield _entry(number, entry)


def _entry(number: int, entry: Group) -> str:
    finding = entry.finding
    title = CODES.get(finding.code)
    head = f"{number}. {finding.code} {entry.severity.value}" + (f": {title}" if title else "")
    rows = {
        "subject": line(finding.subject or ""),
        "what": _what(entry),
        "origin": _location(finding.origin),
        "use": _location(finding.use),
        "op": line(finding.op or ""),
        "mend": line(finding.hint or ""),
        "seen": _seen(entry.seen),
    }
    return "\n".join([line(head), *(_row(word, text) for word, text in rows.items() if text)])


def _row(word: str, text: str) -> str:
    first, *rest = text.split("\n")
    lines = [paragraph(f"{word:<8}{first}", indent=_INDENT, hang=_HANG)]
    return "\n".join([*lines, *(paragraph(more, indent=_HANG) for more in rest)])


def _what(entry: Group) -> str:
    others = len(entry.messages) - 1
    return line(entry.messages[0]) + (f" ({others} more like it)" if others else "")


def _location(location: Location | None) -> str:
    if location is None:
        return ""
    code = line(source_line(location))
    return line(place(location)) + (f"\n{code}" if code else "")


def _seen(cells: tuple[Result, ...]) -> str:
    targets = list(dict.fromkeys(cell.target for cell in cells))
    more = len(targets) - 1
    who = targets[0] + (f" and {more} more target{'s' * (more != 1)}" if more else "")
    places = [f"{device} {', '.join(checks)}" for device, checks in sightings(cells).items()]
    return line(f"{who}: {'; '.join(places)}")

"""The report as annotations of a GitHub workflow: the gravest findings at their lines, within what GitHub shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...harness.finding import Severity
from ...harness.report import Report
from ...harness.result import Status
from ..findings import Group, group
from ..summary import Unsettled, trust, unsettled, verdict
from . import said
from .artifact import REPOSITORY, artifact, places, repository, spot
from .escape import clipped, line
from .text import VIRTUAL

# Of each kind GitHub shows ten for a step, and keeps the rest in the log.
MOST = 10
# An annotation is a box beside a line: longer ones are cut there.
LONGEST = 4_000
KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """One command: its title, its text in lines, and the place in the repository, where it has one."""

    title: str
    text: str
    file: str | None = None
    line: int | None = None

    def command(self, kind: str) -> str:
        """`::error file=net.py,line=9,title=...::text`, escaped as the runner wants it."""
        words = {"file": self.file, "line": self.line, "title": self.title}
        said = ",".join(f"{name}={_property(str(value))}" for name, value in words.items() if value is not None)
        return f"::{kind} {said}::{_data(clipped(self.text, LONGEST))}"


def render(report: Report) -> str:
    """Workflow commands, the gravest first, then the verdict; what is over the limit is counted in the last command."""
    root = repository()
    parts: dict[str, list[Annotation]] = {kind: [] for kind in KINDS.values()}
    for entry in group(report.cells):
        parts[KINDS[entry.severity]].append(_finding(entry, root))
    for unsaid in unsettled(report.cells):
        parts["error" if unsaid.status is Status.ERROR else "warning"].append(_open_end(unsaid))
    lines = [command for kind, annotations in parts.items() for command in _within(kind, annotations)]
    if any(cell.device.virtual for cell in report.cells):
        lines.append(line("; ".join(filter(None, (VIRTUAL, trust(report))))))
    return "\n".join([*lines, line(verdict(report))]) + "\n"


def _within(kind: str, annotations: Sequence[Annotation]) -> Iterator[str]:
    """At most `MOST` commands of a kind; where there are more findings the last one says how many are not shown."""
    kept = annotations if len(annotations) <= MOST else annotations[: MOST - 1]
    for annotation in kept:
        yield annotation.command(kind)
    if rest := len(annotations) - len(kept):
        text = f"GitHub shows {MOST} of a kind: the other {rest} are in the report of this step"
        yield Annotation(title=f"{rest} more of this kind", text=text).command(kind)


def _finding(entry: Group, root: Path) -> Annotation:
    finding = entry.finding
    known = places(finding, root)
    shown = next((place for _, place in known if artifact(place.file, root).base == REPOSITORY), None)
    rows = [said.what(entry), *(f"{word} at {line(spot(place, root))}" for word, place in known if place != shown)]
    if finding.hint:
        rows.append(f"mend: {line(finding.hint)}")
    rows.append(f"seen in {said.seen(entry.seen)}")
    where = (artifact(shown.file, root).path, max(shown.line, 1)) if shown else (None, None)
    return Annotation(title=said.title(finding.code), text="\n".join(rows), file=where[0], line=where[1])


def _open_end(entry: Unsettled) -> Annotation:
    more = len(entry.cells) - 1
    where = said.cell(entry.cells[0]) + (f" and {more} more" if more else "")
    title = "broke" if entry.status is Status.ERROR else "not checked"
    return Annotation(title=title, text=f"{where}: {line(entry.reason)}")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(line(text)).replace(":", "%3A").replace(",", "%2C")

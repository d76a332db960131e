"""The report as a model card: what the Hub reads at its head, and what the model was found to run on.

Everything that nobody but its author knows, what the model is for, its data, its licence, is for the author to write:
`into(card, report)` puts the part that was measured into a card that is there, between two marks, or replaces it.
"""

import re

from ...harness.report import Report
from .. import table
from ..findings import Group, group
from ..grid import grid, words
from ..summary import trust, unsettled
from .escape import markdown
from .text import VIRTUAL

BEGIN, END = "<!-- samedevice: begin -->", "<!-- samedevice: end -->"
_PART = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)

# The Hub lists models by these; a licence and a language are the author's to give.
_HEAD = "---\ntags:\n- samedevice\n---"


def render(report: Report) -> str:
    """A whole model card, with a newline at the end: metadata, title, and the part that was measured."""
    targets = list(dict.fromkeys(cell.target for cell in report.cells))
    title = markdown(targets[0]) if len(targets) == 1 else "Models"
    return f"{_HEAD}\n\n# {title}\n\n{part(report)}\n"


def into(card: str, report: Report) -> str:
    """The card with its measured part replaced, or added at its end; nothing else of it is touched."""
    measured = part(report)
    if _PART.search(card):
        return _PART.sub(lambda _: measured, card, count=1)
    return f"{card.rstrip()}\n\n{measured}\n"


def part(report: Report) -> str:
    """What was measured: a table of checks and devices, the findings, the reasons of gaps, and the versions."""
    matrix = grid(report.cells)
    headers = (matrix.axis, *(f"{device.name} ({device.reality})" for device in matrix.devices))
    rows = [
        (markdown(row), *(words(counts) for counts in places))
        for row, places in zip(matrix.rows, matrix.counts, strict=True)
    ]
    parts = [BEGIN, "## Compatibility", table.pipes(headers, rows) if rows else "Nothing was run."]
    parts += [_list([_finding(entry) for entry in group(report.cells)])]
    parts += [_list([f"{one.status.value}: {markdown(one.reason)}" for one in unsettled(report.cells)])]
    if any(cell.device.virtual for cell in report.cells):
        parts.append(markdown("; ".join(filter(None, (VIRTUAL, trust(report))))))
    return "\n\n".join([*filter(None, parts), _versions(report), END])


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _finding(entry: Group) -> str:
    finding = entry.finding
    about = f" {markdown(finding.subject)}:" if finding.subject else ""
    return f"{markdown(finding.code)} {entry.severity.value}:{about} {markdown(entry.messages[0])}"


def _versions(report: Report) -> str:
    here = report.environment
    known = {"samedevice": here.samedevice, "torch": here.torch, "transformers": here.transformers}
    said = [f"{name} {markdown(version)}" for name, version in known.items() if version is not None]
    return f"Checked with {', '.join([*said, f'Python {markdown(here.python)}'])}."

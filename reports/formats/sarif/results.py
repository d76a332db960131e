"""The results: each different finding once, wherever it was seen."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ....harness.finding import Location
from ...findings import Group
from ...fingerprints import fingerprints
from .. import said
from ..artifact import REPOSITORY, Artifact, artifact, of_target, places, repository
from ..escape import line
from ..source import source_line
from .message import message
from .rules import LEVELS

# GitHub refuses a run with more.
MOST = 25_000


def results(groups: Sequence[Group], codes: Sequence[str]) -> list[dict[str, Any]]:
    """One result for each group; `codes` are the ids of the rules, in their order."""
    root = repository()
    marks = fingerprints(groups, lambda place: (artifact(place.file, root).path, source_line(place)))
    index = {code: at for at, code in enumerate(codes)}
    return [
        {
            "ruleId": line(entry.finding.code),
            "ruleIndex": index[line(entry.finding.code)],
            "level": LEVELS[entry.severity],
            "message": message(_text(entry)),
            "locations": [_location(entry, root)],
            **_related(entry, root),
            # GitHub reads the first; both are the same, so that our own name outlives that of its tool.
            "partialFingerprints": {"primaryLocationLineHash": mark, "samedevice/v1": mark},
            "properties": {"cells": [said.cell(cell) for cell in entry.seen]},
        }
        for entry, mark in zip(groups, marks, strict=True)
    ]


def _text(entry: Group) -> str:
    finding = entry.finding
    parts = [
        said.what(entry),
        f"Mend: {line(finding.hint)}" if finding.hint else "",
        f"Seen in {said.seen(entry.seen)}.",
    ]
    return "\n".join(filter(None, parts))


def _location(entry: Group, root: Path) -> dict[str, Any]:
    """The line that made the culprit, that where it hurt if only that is ours, else the target's file, else its name.

    Code scanning refuses a result without a file.
    """
    finding = entry.finding
    known = places(finding, root)
    if known:
        physical = _physical(known[0][1], root)
    else:
        target = entry.seen[0].target
        found = of_target(target, finding.subject, root) or Artifact(path=line(target) or "-", base=REPOSITORY)
        physical = {"artifactLocation": _file(found)}
    subject = line(finding.subject or "")
    return {
        "physicalLocation": physical,
        **({"logicalLocations": [{"fullyQualifiedName": subject, "kind": "member"}]} if subject else {}),
    }


def _related(entry: Group, root: Path) -> dict[str, Any]:
    """The other line: that where it hurt, or where a package made it."""
    others = [
        {"id": at, "physicalLocation": _physical(place, root), "message": {"text": _WORDS[word]}}
        for at, (word, place) in enumerate(places(entry.finding, root)[1:], start=1)
    ]
    return {"relatedLocations": others} if others else {}


_WORDS = {"made": "the line that made it", "used": "the line where it hurt"}


def _physical(place: Location, root: Path) -> dict[str, Any]:
    region: dict[str, Any] = {}
    if place.line >= 1:
        text = line(source_line(place))
        region = {"region": {"startLine": place.line, **({"snippet": {"text": text}} if text else {})}}
    return {"artifactLocation": _file(artifact(place.file, root)), **region}


def _file(found: Artifact) -> dict[str, str]:
    return {"uri": found.uri, **({"uriBaseId": found.base} if found.base else {})}

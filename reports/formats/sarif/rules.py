"""A rule for each code that was met, with its explain page as help."""

import re
from collections.abc import Iterable
from typing import Any

from ....harness.codes import CODES
from ....harness.finding import Severity
from ....harness.page import page
from ...findings import Group
from ..escape import line

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\.md\)")


def rules(groups: Iterable[Group]) -> dict[str, dict[str, Any]]:
    """Code -> its rule, in the order of the codes; the level is the gravest that was met."""
    levels: dict[str, Severity] = {}
    for entry in groups:  # errors come first
        levels.setdefault(line(entry.finding.code), entry.severity)
    return {code: _rule(code, severity) for code, severity in sorted(levels.items())}


def _rule(code: str, severity: Severity) -> dict[str, Any]:
    level = {"level": LEVELS[severity]}
    if code not in CODES:
        return {"id": code, "defaultConfiguration": level}
    # Links between pages lead nowhere outside of the documentation: their text is a code, which says enough.
    help_page = _LINK.sub(r"\1", page(code))
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in re.findall(r"\w+", CODES[code])),
        "shortDescription": {"text": CODES[code]},
        "fullDescription": {"text": _says(help_page) or CODES[code]},
        "help": {"text": help_page, "markdown": help_page},
        "defaultConfiguration": level,
    }


def _says(help_page: str) -> str:
    """The first paragraph under `What it says`, on one line."""
    found = re.search(r"^## What it says\n+(.+?)\n\n", help_page, re.MULTILINE | re.DOTALL)
    return line(found[1]) if found else ""

"""The source around the lines that findings point at, read where the files are here."""

import linecache
from pathlib import Path
from typing import Any

from ....harness.finding import Location
from ..artifact import spot
from ..escape import clipped, line, spelled

# Lines shown before and after the one that matters.
AROUND = 3
_WIDEST = 200


class Excerpts:
    """A table of places: each location once, however many findings name it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[Location, int] = {}
        self.table: list[dict[str, Any]] = []

    def at(self, place: Location | None) -> int | None:
        """The place's index in the table."""
        if place is None:
            return None
        if place not in self._known:
            self._known[place] = len(self.table)
            self.table.append({"place": line(spot(place, self._root)), **_source(place)})
        return self._known[place]


def _source(place: Location) -> dict[str, Any]:
    """Number of the first line, and the lines; nothing where the file is not here. Only Python files are opened."""
    if not place.file.endswith(".py"):
        return {}
    lines = linecache.getlines(place.file)
    if not 1 <= place.line <= len(lines):
        return {}
    first = max(1, place.line - AROUND)
    shown = [clipped(spelled(one.rstrip().expandtabs(4)), _WIDEST) for one in lines[first - 1 : place.line + AROUND]]
    return {"line": place.line, "first": first, "lines": shown}

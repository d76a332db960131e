"""Lines to blame for what a trip to a Hub has lost; None where a library did all of it."""

from typing import Any

from ...harness.finding import Location
from ...harness.hubtrip.lines import Written

Reply = dict[str, Any]


def creating(pushed: Reply) -> Location | None:
    """Where the repository of a push was made, else where the model is pushed."""
    line: Location | None = pushed["created"]
    return line or pushing(pushed)


def pushing(pushed: Reply) -> Location | None:
    """Where the files of a push were sent, else the author's method that pushes or saves."""
    line: Location | None = pushed["committed"]
    return line or _written(pushed).push


def pulling(pushed: Reply, pulled: Reply) -> Location | None:
    """Where a pull has asked for a file, else the author's method that loads."""
    line: Location | None = pulled.get("line")
    return line or _written(pushed).load


def losing(pushed: Reply) -> Location | None:
    """What decides what a class saves and loads: its own methods, its constructor, at last the class."""
    own = _written(pushed)
    return own.push or own.load or own.constructor or own.heading


def loading(pushed: Reply) -> Location | None:
    """What decides what a class is loaded as: its own method, its constructor, at last the class."""
    own = _written(pushed)
    return own.load or own.constructor or own.heading


def _written(pushed: Reply) -> Written:
    told: Written = pushed["written"]
    return told

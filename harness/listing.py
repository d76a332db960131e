"""A listing: what a check looked at, one row for each thing, for a reader to see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A table of text under a title. Every row has a cell for each header."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

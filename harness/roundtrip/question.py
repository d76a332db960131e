"""A question about a trip: one way in which a model can come back different."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..finding import Finding
from ..measure import Measure
from .trip import Trip


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`ask(trip)` yields findings and measures; it changes nothing, prints nothing, catches nothing."""

    name: str
    question: str
    ask: Callable[[Trip], Iterator[Finding | Measure]]

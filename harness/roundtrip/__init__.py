"""The round trip: a model goes to disk and comes back, and what is not the same is known by name."""

from .hand import BY_CLASS, BY_COPY, BY_FACTORY, Hand, take
from .question import Question
from .trip import Refusal, Trip, filed, load_by, travel

__all__ = [
    "BY_CLASS",
    "BY_COPY",
    "BY_FACTORY",
    "Hand",
    "Question",
    "Refusal",
    "Trip",
    "filed",
    "load_by",
    "take",
    "travel",
]

"""A training: what `samedevice train NAME` runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .measure import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """A training by its name.

    `run(words)` trains as the words of the command line say and returns what it measured. Words that are None were not
    said; raises `errors.UsageError` for those that do not fit.
    """

    name: str
    title: str
    run: Callable[[Mapping[str, Any]], tuple[Measure, ...]]

"""The numbers of many cells brought together: rates are summed, times are averaged."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from math import isfinite
from typing import TypeVar

from ..harness.measure import Measure
from ..harness.result import Result

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One measure over `cells` cells. With `of`, `value` successes of `of` trials; else a sum or a mean.

    `is_of_single` is True where each cell was one trial.
    """

    name: str
    value: float
    of: int | None
    cells: int
    is_of_single: bool = False

    @property
    def is_rate(self) -> bool:
        """True where the number has a denominator and can be a share of it."""
        return self.of is not None and 0 <= self.value <= self.of


def is_mean(name: str) -> bool:
    """True for the measures that are averaged over cells; all others are added up."""
    return name.endswith(("_seconds", "_per_second"))


def totals(cells: Iterable[Result]) -> tuple[Total, ...]:
    """Every measure that these cells took, by name in order of appearance.

    Times (`*_seconds`) and speeds (`*_per_second`) become means over the cells that took them, every
    other measure a sum. A number that is not finite was not measured and is left out.
    """
    taken: dict[str, list[Measure]] = {}
    for cell in cells:
        for measure in cell.measures:
            if isfinite(measure.value):
                taken.setdefault(measure.name, []).append(measure)
    return tuple(_total(name, measures) for name, measures in taken.items())


def _total(name: str, measures: list[Measure]) -> Total:
    value = sum(measure.value for measure in measures)
    if is_mean(name):
        return Total(name=name, value=value / len(measures), of=None, cells=len(measures))
    denominators = [measure.of for measure in measures if measure.of is not None]
    # A sum of shares and plain counts has no denominator.
    of = sum(denominators) if len(denominators) == len(measures) else None
    single = of is not None and set(denominators) == {1}
    return Total(name=name, value=value, of=of, cells=len(measures), is_of_single=single)


def grouped(cells: Iterable[Result], key: Callable[[Result], Key]) -> dict[Key, tuple[Result, ...]]:
    """The cells by `key`, groups and cells in order of appearance."""
    groups: dict[Key, list[Result]] = {}
    for cell in cells:
        groups.setdefault(key(cell), []).append(cell)
    return {name: tuple(members) for name, members in groups.items()}


def scored(cells: Iterable[Result]) -> tuple[Result, ...]:
    """The cells that counted successes out of trials."""
    return tuple(cell for cell in cells if any(measure.of is not None for measure in cell.measures))


def lowest_shares(cells: Iterable[Result]) -> dict[str, float]:
    """The lowest rate of each target that has one, from 0 to 1."""
    lowest: dict[str, float] = {}
    for cell in cells:
        for measure in cell.measures:
            if measure.of and 0 <= measure.value <= measure.of:
                lowest[cell.target] = min(lowest.get(cell.target, 1.0), measure.value / measure.of)
    return lowest

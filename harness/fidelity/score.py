"""Scores: how many rows of each family the virtual device gets right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .judging import Judged, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The rows of one family by verdict; `other_words` of those that agree have another message."""

    family: str
    counts: dict[Verdict, int]
    other_words: int

    @property
    def checked(self) -> int:
        """Rows that were compared."""
        return sum(count for verdict, count in self.counts.items() if verdict is not Verdict.NOT_CHECKED)

    @property
    def agreement(self) -> float:
        """The share of compared rows that agree, from 0 to 1; 0 where none was compared."""
        return self.counts[Verdict.AGREES] / self.checked if self.checked else 0.0


def score(family: str, judged: Iterable[Judged]) -> Score:
    """Count."""
    counts = dict.fromkeys(Verdict, 0)
    other_words = 0
    for one in judged:
        counts[one.verdict] += 1
        other_words += one.has_other_words
    return Score(family=family, counts=counts, other_words=other_words)


def scores(judged: Sequence[Judged]) -> tuple[Score, ...]:
    """One score per family by name, and `all` as the last."""
    families = sorted({one.row.call.family for one in judged})
    each = [score(family, [one for one in judged if one.row.call.family == family]) for family in families]
    return (*each, score("all", judged))

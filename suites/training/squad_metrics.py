"""Exact match and F1, with SQuAD's own normalisation of answers.

As in the official script of SQuAD 1.1 (Rajpurkar et al. 2016, arXiv:1606.05250): lower case, no punctuation, no
articles, single spaces; a prediction is measured against each of the right answers and the best counts.
"""

import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadScore:
    """`exact` of `total` questions answered exactly; `f1` is the mean overlap of words, from 0 to 1."""

    exact: int
    total: int
    f1: float


def normalised(text: str) -> str:
    """An answer as it is compared."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(predicted: str, right: str) -> bool:
    """Whether two answers are the same after normalisation."""
    return normalised(predicted) == normalised(right)


def f1(predicted: str, right: str) -> float:
    """Harmonic mean of precision and recall over words; where an answer has none, whether both have none."""
    ours, theirs = normalised(predicted).split(), normalised(right).split()
    if not ours or not theirs:
        return float(ours == theirs)
    same = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * same / (len(ours) + len(theirs))


def score(predictions: Mapping[str, str], right: Mapping[str, Sequence[str]]) -> SquadScore:
    """Predictions and right answers by question; a question without a prediction counts as wrong, as it does there.

    Where no answer is right (SQuAD 2.0), the empty prediction is.
    """
    exact, overlap = 0, 0.0
    for name, answers in right.items():
        if name not in predictions:
            continue
        accepted = [one for one in answers if normalised(one)] or [""]
        exact += max(exact_match(predictions[name], one) for one in accepted)
        overlap += max(f1(predictions[name], one) for one in accepted)
    return SquadScore(exact=exact, total=len(right), f1=overlap / len(right) if right else 0.0)

"""Exact match and F1 against torchmetrics' SQuAD, which is the official script's formula."""

import string

import pytest
import torchmetrics.functional.text as reference
from hypothesis import given
from hypothesis import strategies as st

from samedevice.suites.training.squad_metrics import exact_match, f1, normalised, score

words = st.sampled_from(["the", "a", "An", "cat", "Cat.", "dog", "dogs,", "1990", "it's", "x-ray", "", "naïve", "—"])
phrases = st.lists(words, max_size=6).map(" ".join)
anything = st.text(st.sampled_from(string.ascii_letters + string.punctuation + " \t\u00a0éÖ0"), max_size=20)


def official(prediction, right):
    told = reference.squad(
        [{"prediction_text": prediction, "id": "1"}],
        [{"answers": {"answer_start": [0] * len(right), "text": right}, "id": "1"}],
    )
    return told["exact_match"].item() / 100, told["f1"].item() / 100


@given(phrases | anything, st.lists(phrases | anything, min_size=1, max_size=3))
def test_scores_are_the_official_ones(prediction, right):
    # With nothing left of a right answer the scripts of 1.1 and 2.0 differ: here it is 2.0's, tested below.
    if not all(normalised(one) for one in [prediction, *right]):
        return
    found = score({"1": prediction}, {"1": right})
    exact, overlap = official(prediction, right)
    assert found.exact == exact
    assert found.f1 == pytest.approx(overlap, abs=1e-6)


@pytest.mark.parametrize(
    ("prediction", "right", "exact", "overlap"),
    [
        ("The cat.", "cat", True, 1),
        ("an anthem", "them", False, 0),
        ("in the big garden", "a big garden", False, 0.8),
        ("garden garden", "garden", False, 2 / 3),
        ("", "", True, 1),
        ("the", "", True, 1),
        ("cat", "", False, 0),
    ],
)
def test_by_hand(prediction, right, exact, overlap):
    assert exact_match(prediction, right) is exact
    assert f1(prediction, right) == pytest.approx(overlap)


def test_no_right_answer_wants_no_answer():
    assert score({"1": "", "2": "cat"}, {"1": [], "2": []}).exact == 1


def test_a_question_without_prediction_is_wrong():
    found = score({"1": "cat"}, {"1": ["cat"], "2": ["dog"]})
    assert (found.exact, found.total, found.f1) == (1, 2, 0.5)
    assert score({}, {}).f1 == 0

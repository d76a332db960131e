import pytest

from samedevice.suites.training.riddles import NAMED, PEOPLE, PLACES, riddles


@pytest.mark.parametrize("talk", [0, 1, 5])
@pytest.mark.parametrize("held_out", [False, True])
def test_the_right_place_is_said_early_and_named_late(talk, held_out):
    for riddle in riddles(50, talk, 3, held_out=held_out):
        last, first = riddle.answers
        assert riddle.context[last.start : last.end] == riddle.context[first.start : first.end] == last.text
        sentences = riddle.context.split(". ")
        assert len(sentences) == 2 + talk
        assert sentences[0].endswith(f"in the {first.text}")
        assert first.end == len(sentences[0])
        assert sum(place in sentences[-1] for place in PLACES) == NAMED
        assert last.start > riddle.context.index(sentences[-1])


def test_the_same_seed_gives_the_same_riddles():
    assert list(riddles(20, 2, 1)) == list(riddles(20, 2, 1))
    assert list(riddles(20, 2, 1)) != list(riddles(20, 2, 2))


def test_held_out_combinations_are_never_trained_on():
    def combinations(held_out):
        found = (riddle for seed in range(5) for riddle in riddles(200, 1, seed, held_out=held_out))
        return {(riddle.context.split()[0], riddle.answers[0].text) for riddle in found}

    assert not combinations(True) & combinations(False)
    assert len(combinations(True) | combinations(False)) == len(PEOPLE) * len(PLACES)

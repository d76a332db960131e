"""Generated documents whose question cannot be answered without what an earlier part said.

The first sentence says where a key is; talk of other things follows; the last sentence names several places, and only
then the question comes. The right place is among those named at the end, so that a reader without memory can do no
better than guess among them.
"""

import random
from collections.abc import Iterator
from itertools import product

from .squad import Answer, Question

PEOPLE = ("Mara", "Tom", "Ines", "Paul", "Vera", "Luis")
PLACES = ("attic", "cellar", "garden", "kitchen", "office", "stable", "garage", "tower")
TALK = (
    "The morning was cold and grey.",
    "Rain fell on the old roof all night.",
    "A dog slept near the warm stove.",
    "The clock in the hall was late again.",
    "Nobody had read the letter yet.",
    "Two crows sat on the long fence.",
    "The wind came from the sea.",
    "Somebody sang in the street.",
)
NAMED = 4
# Of the pairs of a person and a place, every seventh is kept for evaluation.
HELD_OUT = 7


def riddles(count: int, talk: int, seed: int, *, held_out: bool = False) -> Iterator[Question]:
    """`count` questions with `talk` sentences of talk in the middle, the same for the same seed.

    With `held_out`, who keeps the key where is a combination that no riddle without it ever has.
    """
    chance = random.Random(f"{seed} {talk} {held_out}")
    facts = [fact for index, fact in enumerate(_facts()) if (index % HELD_OUT == 0) == held_out]
    for number in range(count):
        yield _riddle(chance, chance.choice(facts), talk, f"riddle-{seed}-{talk}-{'held-' * held_out}{number}")


def _facts() -> Iterator[tuple[str, str]]:
    return product(PEOPLE, PLACES)


def _riddle(chance: random.Random, fact: tuple[str, str], talk: int, name: str) -> Question:
    person, right = fact
    others = chance.sample([place for place in PLACES if place != right], NAMED - 1)
    named = chance.sample([right, *others], NAMED)
    first = f"{person} has the key in the {right}."
    middle = " ".join(chance.choice(TALK) for _ in range(talk))
    last = f"There is light in the {', the '.join(named[:-1])} and the {named[-1]}."
    context = " ".join(part for part in (first, middle, last) if part)
    starts = (context.index(f" {right}.") + 1, context.rindex(f"the {right}") + len("the "))
    # The last mention comes first: it is where a reader stands who is asked at the end.
    answers = tuple(Answer(text=right, start=start) for start in reversed(starts))
    return Question(name=name, text="Where is the key?", context=context, answers=answers)

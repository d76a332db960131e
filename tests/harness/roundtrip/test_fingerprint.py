import array
import datetime
import enum
import functools
import itertools
import logging
import random
import subprocess
import sys
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import nn

from samedevice.harness.roundtrip.fingerprint import fingerprint


class Mode(enum.Enum):
    SOFT, HARD = 1, 2


@dataclass
class Spec:
    width: int
    tags: tuple = ()


class Slotted:
    __slots__ = ("step",)

    def __init__(self, step):
        self.step = step


def scaling(factor):
    return lambda x: x * factor


def drawn(iterator):
    next(iterator)
    return iterator


def carrying(threshold):
    def route(x):
        return x

    route.threshold = threshold
    return route


PAIRS = [
    (1, 1.0),
    (True, 1),
    ((1, 2), [1, 2]),
    ({"a": 1}, {"a": 2}),
    ({1: "x"}, {"1": "x"}),
    (Mode.SOFT, Mode.HARD),
    (Spec(1), Spec(2)),
    (Spec(1, ("a",)), Spec(1, ("b",))),
    (Slotted(1), Slotted(2)),
    (torch.ones(2), torch.zeros(2)),
    (torch.ones(2), torch.ones(2, dtype=torch.float64)),
    (torch.ones(2), torch.ones(2, device="meta")),
    (np.ones(2), np.zeros(2)),
    (scaling(1.0), scaling(2.0)),
    (carrying(1.0), carrying(2.0)),
    (functools.partial(max, 1), functools.partial(max, 2)),
    (torch.relu, torch.tanh),
    (torch.Generator().manual_seed(1), torch.Generator().manual_seed(2)),
    (random.Random(1), random.Random(2)),
    (np.random.RandomState(1), np.random.RandomState(2)),
    (np.random.default_rng(1), np.random.default_rng(2)),
    (deque([1]), deque([2])),
    ({1, 2}, {1, 3}),
    (OrderedDict(a=1, b=2), OrderedDict(b=2, a=1)),
    (nn.Linear, nn.Conv1d),
    (array.array("d", [1.0]), array.array("d", [2.0])),
    (bytearray(b"a"), bytearray(b"b")),
    (datetime.date(2026, 1, 1), datetime.date(2026, 1, 2)),
    (iter([1, 2]), drawn(iter([1, 2]))),
    (itertools.count(1), itertools.count(2)),
    (itertools.cycle([1, 2]), drawn(itertools.cycle([1, 2]))),
]


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda value: type(value).__name__)
def test_values_that_mean_something_else_are_told_apart(one, other):
    assert fingerprint(one) != fingerprint(other)
    assert fingerprint(one) == fingerprint(one)


def test_equal_values_have_equal_fingerprints():
    assert fingerprint(Spec(1, ("a",))) == fingerprint(Spec(1, ("a",)))
    assert fingerprint(scaling(2.0)) == fingerprint(scaling(2.0))
    assert fingerprint(torch.eye(2).t()) == fingerprint(torch.eye(2))
    assert fingerprint(float("nan")) == fingerprint(float("nan"))


def test_a_look_at_an_iterator_takes_nothing_from_it():
    turns = itertools.cycle([1, 2, 3])
    next(turns)
    fingerprint(turns)
    assert [next(turns) for _ in range(4)] == [2, 3, 1, 2]


def test_what_cannot_be_pickled_counts_by_its_class():
    assert fingerprint(threading.Lock()) == fingerprint(threading.Lock()) == "lock()"


def test_an_object_that_holds_itself_comes_to_an_end():
    spec = Spec(1)
    spec.tags = (spec,)
    assert fingerprint(spec)


def test_what_many_hold_is_read_once():
    """Read anew by each holder, this one would be read 40 to the power of 8 times."""
    reads = []

    class Leaf:
        @property
        def __dict__(self):
            reads.append(self)
            return {"step": 1}

    level = [Leaf()]
    for _ in range(7):
        level = [level] * 40
    said = fingerprint(level)
    assert len(reads) == 1
    assert len(said) < 2000


def test_a_difference_deep_in_a_long_value_is_told():
    def nested(last):
        value = [Spec(last)]
        for number in range(6):
            value = [*range(number, 200), value, value]
        return value

    assert fingerprint(nested(1)) == fingerprint(nested(1))
    assert fingerprint(nested(1)) != fingerprint(nested(2))


def test_a_logger_counts_by_its_name():
    one, other = logging.getLogger("samedevice.test.one"), logging.getLogger("samedevice.test.other")
    before = fingerprint([one])
    one.addHandler(logging.NullHandler())
    assert fingerprint([one]) == before
    assert fingerprint([other]) != before


def test_a_mark_stands_for_an_object():
    assert fingerprint([3], lambda value: "<three>" if value == 3 else None) == "list [<three>]"


def test_it_is_the_same_under_another_hash_seed():
    code = (
        "from samedevice.harness.roundtrip.fingerprint import fingerprint as f;"
        "print(f([{'ember', 'quartz', 'willow'}, {'a': 1.5}, print]))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1

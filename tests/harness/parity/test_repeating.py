import random

import numpy as np
import torch
from torch import nn

from samedevice.harness.parity.repeating import OTHER_SEED, built_anew, in_poisoned_memory, put_back, twice, with_seed
from samedevice.harness.roundtrip.running import difference

X = (torch.ones(2, 4),)


class Adding(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear, self.seen = nn.Linear(4, 4), []
        self.register_buffer("total", torch.zeros(1))

    def forward(self, x):
        self.total += 1
        self.seen.append(1)
        return self.linear(x) + self.total


def test_what_a_call_leaves_behind_is_named_and_put_back():
    model = Adding()
    asked = twice(model, X)
    assert "8 of 8 numbers of output differ" in asked.gap
    assert set(asked.changed) == {"total", "seen"}
    assert put_back(model, X) is None
    assert (model.total.item(), model.seen) == (0.0, [])


class Noisy(nn.Linear):
    def forward(self, x):
        return super().forward(x) + torch.randn(4) + random.random() + np.random.rand()


def test_seeds_are_set_before_each_call_and_restored_after():
    model, states = Noisy(4, 4), (torch.get_rng_state(), random.getstate(), np.random.get_state()[1].copy())
    asked = twice(model, X)
    assert (asked.gap, asked.drew) == (None, ("torch", "random", "numpy.random"))
    assert difference(asked.first, with_seed(model, X)) is None
    assert difference(asked.first, with_seed(model, X, OTHER_SEED)) is not None
    assert torch.equal(states[0], torch.get_rng_state())
    assert states[1] == random.getstate()
    assert (states[2] == np.random.get_state()[1]).all()


def test_two_models_that_are_built_anew():
    assert built_anew(lambda: nn.Linear(4, 4), X, torch.device("cpu")) == (None, True)
    calls = []

    def other():
        calls.append(1)
        return nn.Linear(4, 4, bias=len(calls) > 1)

    gap, same_state = built_anew(other, X, torch.device("cpu"))
    assert (gap is not None, same_state) == (True, False)


class Raw(nn.Linear):
    def forward(self, x):
        return super().forward(x) + torch.empty(4)


def test_fresh_memory_is_filled_and_the_setting_put_back():
    leaves = dict(in_poisoned_memory(Raw(4, 4), X).leaves)
    assert bool(leaves["output"].isnan().all())
    assert not torch.are_deterministic_algorithms_enabled()


class Refusing(nn.Linear):
    def forward(self, x):
        raise KeyError("no")


def test_an_error_is_told_once():
    asked = twice(Refusing(4, 4), X)
    assert asked.first is asked.second
    assert asked.first.error == "KeyError: 'no'"

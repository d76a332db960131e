import random

import numpy as np
import pytest
import torch
from torch import nn

from samedevice.harness.parity.asking import ask, drawn
from samedevice.harness.roundtrip.running import difference, seeded


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear, self.dropout = nn.Linear(4, 4), nn.Dropout(0.5)
        self.register_buffer("total", torch.zeros(4))

    def forward(self, x):
        self.total += 1
        return {"softmax": self.dropout(self.linear(x)).softmax(-1)}


def test_answers_and_gradients_and_everything_as_it_was():
    model = Net().train()
    reply = ask(model, {"x": torch.ones(2, 4)})
    assert [path for path, _ in reply.answer.leaves] == ["output['softmax']"]
    assert [path for path, _ in reply.gradients.leaves] == ["linear.weight.grad", "linear.bias.grad"]
    assert all(bool(gradient.abs().max() > 1e-3) for _, gradient in reply.gradients.leaves)
    assert model.training
    assert model.linear.weight.grad is None
    assert model.total.tolist() == [0.0] * 4


def test_a_model_is_asked_the_same_twice():
    model = Net()
    one, two = (ask(model, {"x": torch.ones(2, 4)}) for _ in range(2))
    assert difference(one.answer, two.answer) is difference(one.gradients, two.gradients) is None


class Writing(nn.Module):
    """No gradient can be recorded through a parameter that is written to."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(4))

    def forward(self, x):
        self.weight.mul_(1.0)
        return x * self.weight


def test_without_gradients_where_they_cannot_be_recorded():
    reply = ask(Writing(), {"x": torch.ones(4)})
    assert (reply.answer.error, reply.gradients) == (None, None)
    assert reply.answer.leaves[0][1].tolist() == [1.0] * 4


def test_an_error_is_the_answer():
    reply = ask(nn.Linear(3, 3), (torch.ones(2, 4),))
    assert reply.answer.error.startswith("RuntimeError: ")


@pytest.mark.parametrize(
    ("draw", "name"),
    [(lambda: torch.rand(1), "torch"), (random.random, "random"), (lambda: np.random.rand(), "numpy.random")],
)
def test_what_was_drawn_from(draw, name):
    with seeded():
        assert drawn() == ()
        draw()
        assert drawn() == (name,)

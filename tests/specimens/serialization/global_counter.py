"""A global that training counts up decides the temperature."""

import torch
from torch import nn

CULPRIT = "STEPS"
FRESH = True


STEPS = {"done": 0}


class Annealed(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.register_buffer("steps", torch.tensor(0))

    def step(self):
        STEPS["done"] += 5
        self.steps += 5
        return self

    def done(self):
        return STEPS["done"]

    def forward(self, x):
        return self.linear(x) / (1 + self.done())


class Mended(Annealed):
    def done(self):
        return self.steps


def make():
    return Annealed().step()


def make_fixed():
    return Mended().step()


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

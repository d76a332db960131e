"""The temperature depends on a step counter that is a plain int; a second counter decides nothing."""

import torch
from torch import nn

CULPRIT = "steps"


class Annealed(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate = nn.Linear(4, 3)
        self.calls = 0
        self.start()

    def start(self):
        self.steps = 0

    def step(self):
        self.steps += 7
        self.calls += 1
        return self

    def forward(self, x):
        return (self.gate(x) / (1.0 + 10.0 / (1.0 + float(self.steps)))).softmax(-1)


class Registered(Annealed):
    def start(self):
        self.register_buffer("steps", torch.tensor(0))


def make():
    return Annealed().step()


def make_fixed():
    return Registered().step()


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

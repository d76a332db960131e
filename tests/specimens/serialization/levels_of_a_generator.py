"""The noise level of a call is what a Python generator gives next: where it stands cannot be written, nor copied."""

import torch
from torch import nn

CULPRIT = "levels"


class Falling(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.begin()

    def begin(self):
        self.levels = (1 / (1 + step) for step in range(1000))

    def level(self):
        return next(self.levels)

    def forward(self, x):
        return self.linear(x) * self.level()


class Counted(Falling):
    def begin(self):
        self.register_buffer("calls", torch.zeros((), dtype=torch.int64))

    def level(self):
        self.calls += 1
        return 1 / self.calls


def called(model):
    for _ in range(3):
        model(**inputs())
    return model


def make():
    return called(Falling())


def make_fixed():
    return called(Counted())


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

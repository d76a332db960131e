"""Experts take turns by an iterator, which knows whose turn it is and is in no file; the mended one counts."""

import itertools

import torch
from torch import nn

CULPRIT = "turns"


class Rounds(nn.Module):
    def __init__(self):
        super().__init__()
        self.experts = nn.ModuleList(nn.Linear(4, 4) for _ in range(3))
        self.begin()

    def begin(self):
        self.turns = itertools.cycle(range(3))

    def turn(self):
        return next(self.turns)

    def forward(self, x):
        return self.experts[self.turn()](x)


class Counted(Rounds):
    def begin(self):
        self.register_buffer("turns", torch.zeros((), dtype=torch.int64))

    def turn(self):
        self.turns += 1
        return int(self.turns - 1) % 3


def called(model):
    model(**inputs())
    return model


def make():
    return called(Rounds())


def make_fixed():
    return called(Counted())


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

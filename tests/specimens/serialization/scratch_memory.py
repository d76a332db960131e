"""Scratch memory and call counters come back otherwise and decide nothing; a learned bias in the same place does."""

import torch
from torch import nn

CULPRIT = "bias"


class Scratch(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.register_buffer("scratch", torch.randn(4), persistent=False)
        self.calls, self.log, self.bias = 0, [], 0.0

    def fit(self, bias):
        self.calls, self.bias = 12, bias
        self.log.append("fitted")
        return self

    def forward(self, x):
        self.calls += 1
        self.scratch.copy_(x.mean(0))
        return self.linear(x) - self.scratch + self.bias


def make():
    return Scratch().fit(0.5)


def make_fixed():
    return Scratch().fit(0.0)


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

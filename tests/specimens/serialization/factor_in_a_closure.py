"""A learned factor in the closure of a function."""

import torch
from torch import nn

CULPRIT = "scaled"


def scaling(factor):
    return lambda x: x * factor


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.scaled = scaling(1.0)

    def fit(self):
        self.scaled = scaling(3.5)
        return self

    def forward(self, x):
        return self.scaled(self.linear(x))


class Mended(Net):
    def fit(self):
        with torch.no_grad():
            self.linear.weight.mul_(3.5)
        return self


def make():
    return Net().fit()


def make_fixed():
    return Mended().fit()


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

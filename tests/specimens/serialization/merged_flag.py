"""A low-rank update is merged into the weight; that it was is a flag."""

import torch
from torch import nn

CULPRIT = "merged"


class LowRank(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.a, self.b = nn.Parameter(torch.randn(4, 2)), nn.Parameter(torch.randn(2, 4))
        self.start()

    def start(self):
        self.merged = False

    def merge(self):
        with torch.no_grad():
            self.linear.weight.add_(self.a @ self.b)
        self.mark()
        return self

    def mark(self):
        self.merged = True

    def forward(self, x):
        return self.linear(x) if self.merged else self.linear(x) + x @ (self.a @ self.b).t()


class Mended(LowRank):
    def start(self):
        self.register_buffer("merged", torch.tensor(False))

    def mark(self):
        self.merged.fill_(True)


def make():
    return LowRank().merge()


def make_fixed():
    return Mended().merge()


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

"""A codebook that is learned and registered as non-persistent."""

import torch
from torch import nn

CULPRIT = "codebook"


class Quantised(nn.Module):
    persistent = False

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.register_buffer("codebook", torch.zeros(8, 4), persistent=self.persistent)

    def learn(self):
        self.codebook.copy_(torch.randn(8, 4))
        return self

    def forward(self, x):
        return self.codebook[torch.cdist(self.linear(x), self.codebook).argmin(-1)]


class Persistent(Quantised):
    persistent = True


def make():
    return Quantised().learn()


def make_fixed():
    return Persistent().learn()


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

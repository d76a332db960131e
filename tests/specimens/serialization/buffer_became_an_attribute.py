"""A buffer that is deleted and set again is a plain attribute."""

import torch
from torch import nn

CULPRIT = "mask"


class Masked(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.register_buffer("mask", torch.ones(4))

    def prune(self):
        del self.mask
        self.mask = torch.tensor([1.0, 0.0, 1.0, 0.0])
        return self

    def forward(self, x):
        return self.linear(x) * self.mask


class Kept(Masked):
    def prune(self):
        self.mask = torch.tensor([1.0, 0.0, 1.0, 0.0])
        return self


def make():
    return Masked().prune()


def make_fixed():
    return Kept().prune()


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

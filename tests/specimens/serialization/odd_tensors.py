"""Tensors of unusual kinds come back; the same kinds outside the state do not."""

import torch
from torch import nn

CULPRIT = "phase"


class Odd(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("empty", torch.empty(0))
        self.register_buffer("flag", torch.tensor(True))
        self.register_buffer("holes", torch.tensor([float("nan"), -0.0, float("-inf")]))
        self.register_buffer("none", None)
        self.register_buffer("column", torch.arange(12.0).reshape(3, 4).t())
        self.keep(torch.polar(torch.ones(4), torch.randn(4)))

    def keep(self, phase):
        self.phase = phase

    def forward(self, x):
        return (x * self.phase).real + self.column.sum() + self.flag


class Mended(Odd):
    def keep(self, phase):
        self.register_buffer("phase", phase)


make, make_fixed = Odd, Mended


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

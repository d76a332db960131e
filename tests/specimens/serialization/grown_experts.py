"""An expert that the model added to itself; the twin is told how many there are."""

import torch
from torch import nn

CULPRIT = "experts.2"


class Growing(nn.Module):
    def __init__(self, n=2):
        super().__init__()
        self.experts = nn.ModuleList(nn.Linear(4, 4) for _ in range(n))

    def add(self):
        self.experts.append(nn.Linear(4, 4))
        return self

    def forward(self, x):
        return sum(expert(x) for expert in self.experts)


def make():
    return Growing().add()


def make_fixed():
    return Growing(n=3)


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

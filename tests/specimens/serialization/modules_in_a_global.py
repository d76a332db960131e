"""Experts stand in a global table that every model of this process finds filled, and those of the next do not."""

import torch
from torch import nn

CULPRIT = "EXPERTS"
FRESH = True

EXPERTS = {}


class Lending(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(4))
        self.hold()

    def hold(self):
        EXPERTS.setdefault("first", nn.Linear(4, 4))

    def expert(self):
        return EXPERTS["first"]

    def forward(self, x):
        return self.expert()(x) * self.scale


class Owning(Lending):
    def hold(self):
        self.own = nn.Linear(4, 4)

    def expert(self):
        return self.own


make, make_fixed = Lending, Owning


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

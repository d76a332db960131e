"""Experts are numbered in the order in which a set gave their names; the state has the same keys in every process."""

import torch
from torch import nn

CULPRIT = "`experts` stand in another order"
FRESH = True


class Routed(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate = nn.Linear(4, 6)
        names = self.order({"ember", "harbour", "lantern", "meadow", "quartz", "willow"})
        self.experts = nn.ModuleDict({name: nn.Linear(4, 4) for name in names})

    def order(self, names):
        return names

    def forward(self, x):
        gates = self.gate(x).softmax(-1)
        return sum(gates[:, i : i + 1] * expert(x) for i, expert in enumerate(self.experts.values()))


class Sorted(Routed):
    def order(self, names):
        return sorted(names)


make, make_fixed = Routed, Sorted


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

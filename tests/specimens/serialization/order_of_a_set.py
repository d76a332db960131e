"""Experts are numbered in the order of a set of names."""

import torch
from torch import nn

CULPRIT = "order"
FRESH = True


class Named(nn.Module):
    def __init__(self):
        super().__init__()
        self.order = self.sort({"ember", "quartz", "lantern", "meadow", "harbour", "willow"})
        self.table = nn.Embedding(6, 4)

    def sort(self, names):
        return list(names)

    def forward(self, names):
        return self.table(torch.tensor([self.order.index(name) for name in names]))


class Sorted(Named):
    def sort(self, names):
        return sorted(names)


make, make_fixed = Named, Sorted


def inputs():
    return {"names": ["ember", "quartz", "willow", "meadow"]}

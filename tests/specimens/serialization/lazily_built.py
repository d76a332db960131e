"""A layer that exists from the first forward on: a new model has no place for its weights."""

import torch
from torch import nn

CULPRIT = "projection"


class Lazy(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 4)

    def forward(self, x):
        if not hasattr(self, "projection"):
            self.projection = nn.Linear(x.shape[-1], 2)
        return self.projection(self.first(x))


class Eager(Lazy):
    def __init__(self):
        super().__init__()
        self.projection = nn.Linear(4, 2)


def make():
    model = Lazy()
    model(torch.ones(1, 4))
    return model


make_fixed = Eager


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

"""A table of numpy, which no module sees."""

import numpy as np
import torch
from torch import nn

CULPRIT = "offsets"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.offsets = self.keep(np.random.default_rng().normal(size=4))

    def keep(self, offsets):
        return offsets

    def forward(self, x):
        return self.linear(x) + torch.as_tensor(self.offsets, dtype=x.dtype)


class Registered(Net):
    def keep(self, offsets):
        return nn.Parameter(torch.as_tensor(offsets))


make, make_fixed = Net, Registered


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

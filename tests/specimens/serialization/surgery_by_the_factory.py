"""A head that the factory replaces is part of the recipe; a temperature that it sets is not in any file."""

import torch
from torch import nn

CULPRIT = "temperature"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.head = nn.Linear(4, 4), nn.Linear(4, 10)
        self.temperature = 1.0

    def forward(self, x):
        return self.head(self.body(x).tanh()) / self.temperature


def make():
    model = Net()
    model.temperature = 2.0
    return model


def make_fixed():
    model = Net()
    model.head = nn.Linear(4, 3)
    return model


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

"""An activation that is set after the construction."""

import torch
from torch import nn

CULPRIT = "activation"


class Net(nn.Module):
    def __init__(self, activation=torch.relu):
        super().__init__()
        self.linear, self.activation = nn.Linear(4, 4), activation

    def forward(self, x):
        return self.activation(self.linear(x))


def make():
    model = Net()
    model.activation = torch.tanh
    return model


def make_fixed():
    return Net(torch.tanh)


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

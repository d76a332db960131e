"""The scale of a quantised weight is an attribute of the parameter itself, and in no file."""

import torch
from torch import nn

CULPRIT = "linear.weight.scale"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4, bias=False)
        self.begin()

    def begin(self):
        self.linear.weight.scale = 1.0

    def quantise(self, scale):
        self.linear.weight.scale = scale

    def scale(self):
        return self.linear.weight.scale

    def forward(self, x):
        return self.linear(x) * self.scale()


class Registered(Net):
    def begin(self):
        self.register_buffer("kept", torch.ones(()))

    def quantise(self, scale):
        self.kept.fill_(scale)

    def scale(self):
        return self.kept


def quantised(model):
    model.quantise(0.25)
    return model


def make():
    return quantised(Net())


def make_fixed():
    return quantised(Registered())


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

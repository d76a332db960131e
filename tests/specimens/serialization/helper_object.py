"""A helper object holds the threshold that was fitted."""

import torch
from torch import nn

CULPRIT = "router.threshold"


class Router:
    def __init__(self):
        self.threshold = 0.0

    def __call__(self, x):
        return (x > float(self.threshold)).to(x.dtype)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear, self.router = nn.Linear(4, 4), Router()
        self.start()

    def start(self):
        pass

    def fit(self):
        self.router.threshold = 0.5
        return self

    def forward(self, x):
        return self.linear(x) * self.router(x)


class Mended(Net):
    def start(self):
        self.register_buffer("threshold", torch.zeros(()))

    def fit(self):
        self.threshold.fill_(0.5)
        return self

    def forward(self, x):
        return self.linear(x) * (x > self.threshold)


def make():
    return Net().fit()


def make_fixed():
    return Mended().fit()


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

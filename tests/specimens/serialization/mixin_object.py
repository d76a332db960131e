"""An argument of a class that JSON does not know."""

import torch
from huggingface_hub import PyTorchModelHubMixin
from torch import nn

CULPRIT = "routing"


class Routing:
    def __init__(self, sharpness=1.0):
        self.sharpness = sharpness


class Net(nn.Module, PyTorchModelHubMixin):
    def __init__(self, dim: int = 4, routing=None, sharpness: float = 1.0):
        super().__init__()
        self.linear = nn.Linear(dim, dim)
        self.routing = routing or Routing(sharpness)

    def forward(self, x):
        return (self.linear(x) * self.routing.sharpness).softmax(-1)


def make():
    return Net(routing=Routing(5.0))


def make_fixed():
    return Net(sharpness=5.0)


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

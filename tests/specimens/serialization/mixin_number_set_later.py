"""A number that is set on the finished model reaches no file."""

import torch
from huggingface_hub import PyTorchModelHubMixin
from torch import nn

CULPRIT = "scale"


class Net(nn.Module, PyTorchModelHubMixin):
    def __init__(self, scale: float = 1.0):
        super().__init__()
        self.linear, self.scale = nn.Linear(4, 4), scale

    def forward(self, x):
        return self.linear(x) * self.scale


def make():
    model = Net()
    model.scale = 3.0
    return model


def make_fixed():
    return Net(scale=3.0)


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

"""A hook that scales an output, registered on a finished model."""

import torch
from torch import nn

CULPRIT = "_forward_hooks"


class Net(nn.Module):
    def __init__(self, scales=False):
        super().__init__()
        self.linear = nn.Linear(4, 4)
        if scales:
            self.linear.register_forward_hook(double)

    def forward(self, x):
        return self.linear(x)


def double(module, args, output):
    return output * 2


def make():
    model = Net()
    model.linear.register_forward_hook(double)
    return model


def make_fixed():
    return Net(scales=True)


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

"""A model that is cast as a whole after it is built is healthy; one whose layer is cast alone is not."""

import torch
from torch import nn

CULPRIT = "second"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x):
        return self.second(self.first(x.to(self.first.weight.dtype)).to(self.second.weight.dtype))


def make():
    model = Net()
    model.second.bfloat16()
    return model


def make_fixed():
    return Net().bfloat16()


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

"""Random features of the mixin's constructor are drawn anew by every load."""

import torch
from huggingface_hub import PyTorchModelHubMixin
from torch import nn

CULPRIT = "features"


class Features(nn.Module, PyTorchModelHubMixin):
    persistent = False

    def __init__(self, dim: int = 4):
        super().__init__()
        self.linear = nn.Linear(dim, dim)
        self.register_buffer("features", torch.randn(dim), persistent=self.persistent)

    def forward(self, x):
        return self.linear(x) * self.features


class Persistent(Features):
    persistent = True


make, make_fixed = Features, Persistent


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

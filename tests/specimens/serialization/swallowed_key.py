"""A module that reads its parameter from elsewhere ignores the file."""

import torch
from torch import nn

CULPRIT = "scale"


class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(4))

    def _load_from_state_dict(self, *rest):
        pass

    def forward(self, x):
        return x * self.scale


class Mended(Scale):
    _load_from_state_dict = nn.Module._load_from_state_dict


make, make_fixed = Scale, Mended


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

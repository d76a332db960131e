"""Seed 004: the long-sequence RoPE kept `position_scaling` on the CPU. Here: made at the first forward."""

import torch
from torch import nn

CULPRIT = "position_scaling"


class Stretch(nn.Module):
    def __init__(self):
        super().__init__()
        self.position_scaling = None
        self.mix = nn.Linear(4, 4)

    def scaling(self, hidden):
        if self.position_scaling is None:
            self.position_scaling = nn.Parameter(torch.full((1,), 0.5))  # born here
        return self.position_scaling

    def forward(self, hidden):
        positions = torch.arange(hidden.shape[1], device=hidden.device) * self.scaling(hidden)
        return self.mix(hidden) * positions[:, None].cos()


class MendedStretch(Stretch):
    def __init__(self):
        super().__init__()
        self.position_scaling = nn.Parameter(torch.full((1,), 0.5))

    def scaling(self, hidden):
        return self.position_scaling


def broken():
    return Stretch()


def mended():
    return MendedStretch()


def inputs():
    return (torch.linspace(-1, 1, 24).view(2, 3, 4),)

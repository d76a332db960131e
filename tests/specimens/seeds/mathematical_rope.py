"""Seed 003: the mathematical RoPE kept `position_scaling` and `freq_enhancement` on the CPU. Here: in a plain dict."""

import torch
from torch import nn

CULPRIT = "learned['position_scaling']"


class Angles(nn.Module):
    def __init__(self, container):
        super().__init__()
        self.learned = container(
            {
                "position_scaling": nn.Parameter(torch.ones(1)),  # born here
                "freq_enhancement": nn.Parameter(torch.ones(2)),
            }
        )
        self.register_buffer("inverse_frequency", torch.tensor([1.0, 0.01]))

    def forward(self, positions):
        scaled = positions * self.learned["position_scaling"]
        return scaled[:, None] * (self.inverse_frequency * self.learned["freq_enhancement"])


def broken():
    return Angles(dict)


def mended():
    return Angles(nn.ParameterDict)


def inputs():
    return (torch.arange(5.0),)

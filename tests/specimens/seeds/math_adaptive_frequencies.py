"""Seed 004: MathAdaptive kept `frequency_adjustments` on the CPU. Here: one tensor per token class, in a list."""

import torch
from torch import nn

CULPRIT = "frequency_adjustments[0]"


class Adaptive(nn.Module):
    def __init__(self, container=list):
        super().__init__()
        self.frequency_adjustments = container(nn.Parameter(torch.ones(2)) for _ in range(5))  # born here
        self.register_buffer("frequencies", torch.tensor([1.0, 0.01]))

    def forward(self, hidden, token_classes):
        adaptive_freqs = self.frequencies * torch.stack(tuple(self.frequency_adjustments))[token_classes]
        angles = torch.arange(hidden.shape[1], device=hidden.device)[None, :, None] * adaptive_freqs
        return hidden + torch.cat((angles.sin(), angles.cos()), dim=-1)


def broken():
    return Adaptive()


def mended():
    return Adaptive(nn.ParameterList)


def inputs():
    return {"hidden": torch.zeros(1, 3, 4), "token_classes": torch.tensor([[0, 4, 2]])}

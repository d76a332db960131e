"""Seed 004: ALiBi kept `slopes` on the CPU."""

import torch
from torch import nn

CULPRIT = "slopes"


class Alibi(nn.Module):
    def __init__(self, heads=4):
        super().__init__()
        self.math_slope_adjustment = nn.Parameter(torch.ones(heads))
        self.keep(torch.tensor([2.0 ** (-8 * (h + 1) / heads) for h in range(heads)]))  # born here

    def keep(self, slopes):
        self.slopes = slopes

    def forward(self, attention_scores):
        adjusted_slopes = self.slopes * self.math_slope_adjustment
        positions = torch.arange(attention_scores.shape[-1], device=attention_scores.device)
        return attention_scores + adjusted_slopes[:, None, None] * (positions[None, :] - positions[:, None])


class MendedAlibi(Alibi):
    def keep(self, slopes):
        self.register_buffer("slopes", slopes)


def broken():
    return Alibi()


def mended():
    return MendedAlibi()


def inputs():
    return (torch.linspace(-1, 1, 36).view(1, 4, 3, 3),)

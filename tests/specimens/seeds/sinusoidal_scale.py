"""Seed 004: the sinusoidal encoding kept its learned `scale` on the CPU. Here: a plain tensor."""

import torch
from torch import nn

CULPRIT = "scale"


class Sinusoidal(nn.Module):
    def __init__(self):
        super().__init__()
        self.dropout = nn.Dropout(0.0)
        angles = torch.arange(8.0)[:, None] / 10000 ** (torch.arange(0, 4, 2) / 4)
        self.register_buffer("pe", torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(1), persistent=False)
        self.scale = self.made_scale()

    def made_scale(self):
        return torch.ones(4, requires_grad=True)  # born here

    def forward(self, x):
        return self.dropout(x + self.scale * self.pe[: x.shape[1]])


class MendedSinusoidal(Sinusoidal):
    def made_scale(self):
        return nn.Parameter(torch.ones(4))


def broken():
    return Sinusoidal()


def mended():
    return MendedSinusoidal()


def inputs():
    return (torch.linspace(-1, 1, 24).view(2, 3, 4),)

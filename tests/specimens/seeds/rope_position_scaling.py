"""Seeds 003 and 004: every RoPE variant kept `position_scaling` on the CPU. Here: in a helper that is no module."""

import torch
from torch import nn

CULPRIT = "rope.position_scaling"


class Scaling:
    def __init__(self):
        self.position_scaling = nn.Parameter(torch.ones(1))  # born here

    def angles(self, positions, inverse_frequency):
        return (positions * self.position_scaling)[:, None] * inverse_frequency


class ModuleScaling(nn.Module):
    def __init__(self):
        super().__init__()
        self.position_scaling = nn.Parameter(torch.ones(1))

    angles = Scaling.angles


class Rotary(nn.Module):
    def __init__(self, scaling):
        super().__init__()
        self.rope = scaling
        self.register_buffer("inverse_frequency", 1 / 10000 ** (torch.arange(0, 4, 2) / 4), persistent=False)
        self.query = nn.Linear(4, 4)

    def forward(self, hidden):
        query = self.query(hidden)
        positions = torch.arange(hidden.shape[1], device=hidden.device).float()
        angles = self.rope.angles(positions, self.inverse_frequency).repeat(1, 2)
        first, second = query.chunk(2, dim=-1)
        return query * angles.cos() + torch.cat((-second, first), dim=-1) * angles.sin()


def broken():
    return Rotary(Scaling())


def mended():
    return Rotary(ModuleScaling())


def inputs():
    return (torch.linspace(-1, 1, 24).view(2, 3, 4),)

"""Seed 003: a wrapper of the attention passed `cache_position` by position and by name."""

import torch
from torch import nn

REASON = "got multiple values for argument 'cache_position'"


class Attention(nn.Module):
    def forward(self, hidden, past=None, cache_position=None):
        return hidden if cache_position is None else hidden + cache_position[:, None]


class Encoded(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(4))
        self.attention = Attention()

    def forward(self, hidden, **kwargs):
        positions = torch.arange(hidden.shape[1], device=hidden.device)
        return self.attention.forward(hidden * self.scale, None, positions, **kwargs)  # breaks here


class MendedEncoded(Encoded):
    def forward(self, hidden, **kwargs):
        return self.attention(hidden * self.scale, **kwargs)


def broken():
    return Encoded()


def mended():
    return MendedEncoded()


def inputs():
    return {"hidden": torch.zeros(1, 3, 4), "cache_position": torch.arange(3)}

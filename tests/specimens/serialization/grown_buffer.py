"""A memory that grows: the class refuses its own checkpoint."""

import torch
from torch import nn

CULPRIT = "memory"


class Growing(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(4, 4)
        self.register_buffer("memory", torch.zeros(1, 4))

    def write(self, rows):
        self.memory = torch.cat([self.memory, rows])
        return self

    def forward(self, x):
        return (self.query(x) @ self.memory.t()).softmax(-1) @ self.memory


class Fitting(Growing):
    def _load_from_state_dict(self, state_dict, prefix, *rest):
        self.memory = self.memory.new_zeros(state_dict[prefix + "memory"].shape)
        super()._load_from_state_dict(state_dict, prefix, *rest)


def make():
    return Growing().write(torch.randn(3, 4))


def make_fixed():
    return Fitting().write(torch.randn(3, 4))


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

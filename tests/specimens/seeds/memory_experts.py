"""Seed 000: memory experts made with `torch.as_tensor`, which keeps the device of what it is given."""

import torch
from torch import nn

CULPRIT = "initial[0]"


class Memory(nn.Module):
    def __init__(self, container=list, experts=2):
        super().__init__()
        self.initial = container(nn.Parameter(torch.full((3, 4), 0.5)) for _ in range(experts))  # born here
        self.read = nn.Linear(4, 4)

    def get_initial_memory(self, batch):
        return {i: torch.as_tensor(expert).expand(batch, -1, -1) for i, expert in enumerate(self.initial)}

    def forward(self, hidden):
        memory = self.get_initial_memory(hidden.shape[0])
        scores = torch.stack([self.read(hidden) @ m.transpose(1, 2) for m in memory.values()])
        return scores.mean(0)


def broken():
    return Memory()


def mended():
    return Memory(nn.ParameterList)


def inputs():
    return (torch.linspace(-1, 1, 24).view(2, 3, 4),)

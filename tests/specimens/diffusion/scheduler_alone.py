"""Seed 001: the scheduler was moved to the model's device, and the corruptor around it was not."""

import torch
from torch import nn

CULPRIT = "corruptor.substitutes"


class NoiseScheduler:
    def __init__(self, steps=8):
        self.alpha_bars = torch.linspace(1, 0, steps)

    def to(self, device):
        self.alpha_bars = self.alpha_bars.to(device)
        return self


class TextCorruptor:
    def __init__(self, scheduler):
        self.scheduler = scheduler
        self.substitutes = torch.arange(8).flip(0)  # born here

    def to(self, device):
        self.scheduler.to(device)
        self.substitutes = self.substitutes.to(device)
        return self

    def corrupt(self, ids, steps):
        survives = self.scheduler.alpha_bars.index_select(0, steps)[:, None] > 0.5
        return torch.where(survives, ids, self.substitutes.index_select(0, ids.flatten()).view_as(ids))


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.corruptor = TextCorruptor(NoiseScheduler())
        self.embedding = nn.Embedding(8, 4)

    def _apply(self, fn, recurse=True):
        super()._apply(fn, recurse)
        self.corruptor.scheduler.to(self.embedding.weight.device)
        return self

    def forward(self, ids, steps):
        return self.embedding(self.corruptor.corrupt(ids, steps))


class Synchronized(Denoiser):
    def _apply(self, fn, recurse=True):
        super()._apply(fn, recurse)
        self.corruptor.to(self.embedding.weight.device)
        return self


def broken():
    return Denoiser()


def mended():
    return Synchronized()


def inputs():
    return torch.tensor([[1, 2, 3], [4, 5, 6]]), torch.tensor([1, 6])

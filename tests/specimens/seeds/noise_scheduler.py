"""Seed 001: a noise scheduler that is no module made its tables on the CPU, where the model's `.to()` left them."""

import torch
from torch import nn

CULPRIT = "scheduler.alphas"


class NoiseScheduler:
    def __init__(self, steps=8):
        self.alphas = 1 - torch.linspace(0.1, 0.9, steps)  # born here

    def to(self, device):
        self.alphas = self.alphas.to(device)
        return self

    def kept(self, steps):
        return self.alphas.index_select(0, steps)


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.scheduler = NoiseScheduler()
        self.out = nn.Linear(4, 4)

    def forward(self, x, steps):
        return self.out(x * self.scheduler.kept(steps)[:, None])


class DeviceAwareDenoiser(Denoiser):
    def _apply(self, fn, recurse=True):
        super()._apply(fn, recurse)
        self.scheduler.alphas = fn(self.scheduler.alphas)
        return self


def broken():
    return Denoiser()


def mended():
    return DeviceAwareDenoiser()


def inputs():
    return torch.ones(2, 4), torch.tensor([1, 5])

"""Seed 001: the corruptor was created for another device than the model's; nothing moved it when the model moved."""

import torch
from torch import nn

CULPRIT = "corruptor.noise_probs"


class TextCorruptor:
    def __init__(self, size, device):
        self.noise_probs = torch.full((size,), 1 / size, device=device)  # born here

    def to(self, device):
        self.noise_probs = self.noise_probs.to(device)
        return self

    def blend(self, probs, kept):
        return kept * probs + (1 - kept) * self.noise_probs


class Denoiser(nn.Module):
    def __init__(self, device="cpu"):
        super().__init__()
        self.corruptor = TextCorruptor(6, device)
        self.out = nn.Linear(6, 6)

    def forward(self, x):
        return self.out(self.corruptor.blend(x.softmax(-1), 0.5))


class Synchronized(Denoiser):
    def _apply(self, fn, recurse=True):
        super()._apply(fn, recurse)
        self.corruptor.to(self.out.weight.device)
        return self


def broken():
    return Denoiser()


def mended():
    return Synchronized()


def inputs():
    return (torch.linspace(-1, 1, 12).view(2, 6),)

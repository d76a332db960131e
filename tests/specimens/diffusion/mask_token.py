"""Seed 001: the corruptor remembers the mask token as a tensor of one element, which stays on the CPU."""

import torch
from torch import nn

CULPRIT = "corruptor.mask_token"


class TextCorruptor:
    def __init__(self, mask_token_id):
        self.mask_token = torch.tensor([mask_token_id])  # born here

    def to(self, device):
        return self  # forgot the token

    def corrupt(self, ids, chosen):
        return torch.where(chosen, self.mask_token, ids)


class WholeCorruptor(TextCorruptor):
    def to(self, device):
        self.mask_token = self.mask_token.to(device)
        return self


class Denoiser(nn.Module):
    def __init__(self, corruptor):
        super().__init__()
        self.corruptor = corruptor
        self.embedding = nn.Embedding(8, 4)

    def _apply(self, fn, recurse=True):
        super()._apply(fn, recurse)
        self.corruptor.to(self.embedding.weight.device)
        return self

    def forward(self, ids, chosen):
        return self.embedding(self.corruptor.corrupt(ids, chosen))


def broken():
    return Denoiser(TextCorruptor(7))


def mended():
    return Denoiser(WholeCorruptor(7))


def inputs():
    return torch.tensor([[1, 2, 3]]), torch.tensor([[True, False, True]])

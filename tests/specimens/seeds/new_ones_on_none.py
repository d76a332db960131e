"""Seed 003: generation from embeddings asked the missing `input_ids` for a mask."""

import torch
from torch import nn

REASON = "'NoneType' object has no attribute 'new_ones'"


class Additive(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(4, 4)

    def mask(self, input_ids, inputs_embeds):
        return input_ids.new_ones(inputs_embeds.shape[:2])  # breaks here

    def forward(self, input_ids=None, inputs_embeds=None):
        return self.head(inputs_embeds) * self.mask(input_ids, inputs_embeds)[..., None]


class MendedAdditive(Additive):
    def mask(self, input_ids, inputs_embeds):
        return inputs_embeds.new_ones(inputs_embeds.shape[:2])


def broken():
    return Additive()


def mended():
    return MendedAdditive()


def inputs():
    return {"inputs_embeds": torch.zeros(1, 3, 4)}

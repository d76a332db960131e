"""Seed 003: a wrapper passed `inputs_embeds` although the caller's keywords held it already."""

import torch
from torch import nn

REASON = "got multiple values for keyword argument 'inputs_embeds'"


class Wrapped(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(8, 4)
        self.head = nn.Linear(4, 8)

    def original_forward(self, inputs_embeds=None, attention_mask=None):
        return self.head(inputs_embeds * attention_mask[..., None])

    def forward(self, input_ids, **kwargs):
        embeds = self.embed(input_ids) + 1
        return self.original_forward(inputs_embeds=embeds, **kwargs)  # breaks here


class MendedWrapped(Wrapped):
    def forward(self, input_ids, **kwargs):
        kwargs.pop("inputs_embeds", None)
        return super().forward(input_ids, **kwargs)


def broken():
    return Wrapped()


def mended():
    return MendedWrapped()


def inputs():
    return {"input_ids": torch.tensor([[1, 2]]), "attention_mask": torch.ones(1, 2), "inputs_embeds": None}

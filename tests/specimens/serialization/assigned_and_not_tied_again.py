"""A model that loads by assignment, to spare memory, gives each name of a tied parameter one of its own."""

import torch
from torch import nn

CULPRIT = "head.weight"


class Assigning(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.head = nn.Embedding(6, 4), nn.Linear(4, 6, bias=False)
        self.tie()

    def tie(self):
        self.head.weight = self.embed.weight

    def load_state_dict(self, state, strict=True, assign=True):
        return super().load_state_dict(state, strict=strict, assign=True)

    def forward(self, tokens):
        return self.head(self.embed(tokens))


class TyingAgain(Assigning):
    def load_state_dict(self, state, strict=True, assign=True):
        keys = super().load_state_dict(state, strict, assign)
        self.tie()
        return keys


make, make_fixed = Assigning, TyingAgain


def inputs():
    return {"tokens": torch.arange(6)}

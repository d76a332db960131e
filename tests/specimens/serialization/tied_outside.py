"""A tie that is made after the construction is gone after a load, and the answers are the same."""

import torch
from torch import nn

CULPRIT = "head.weight"


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.head = nn.Embedding(6, 4), nn.Linear(4, 6, bias=False)

    def forward(self, tokens):
        return self.head(self.embed(tokens))


class TiedInside(Tied):
    def __init__(self):
        super().__init__()
        self.head.weight = self.embed.weight


def make():
    model = Tied()
    model.head.weight = model.embed.weight
    return model


make_fixed = TiedInside


def inputs():
    return {"tokens": torch.arange(6)}

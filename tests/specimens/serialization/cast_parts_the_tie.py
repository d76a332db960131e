"""A cast that builds every parameter anew gives each name of a tied one a parameter of its own."""

import torch
from torch import nn

CULPRIT = "head.weight"


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.head = nn.Embedding(6, 4), nn.Linear(4, 6, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, tokens):
        return self.head(self.embed(tokens))


class Renewing(Tied):
    def _apply(self, fn, recurse=True):
        for module in (self.embed, self.head):
            module.weight = nn.Parameter(fn(module.weight.detach()).clone())
        return self


make, make_fixed = Renewing, Tied


def inputs():
    return {"tokens": torch.arange(6)}

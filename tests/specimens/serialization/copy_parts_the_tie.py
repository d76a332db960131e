"""A deep copy that copies each part alone loses the tie."""

from copy import deepcopy

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


class Parted(Tied):
    def __deepcopy__(self, memo):
        twin = type(self)()
        twin.embed, twin.head = deepcopy(self.embed), deepcopy(self.head)
        return twin


make, make_fixed = Parted, Tied


def inputs():
    return {"tokens": torch.arange(6)}

"""A hook for old checkpoints exchanges two keys of the same shape."""

from typing import ClassVar

import torch
from torch import nn

CULPRIT = "key"


class Attention(nn.Module):
    renames: ClassVar = {"query.weight": "key.weight", "key.weight": "query.weight"}

    def __init__(self):
        super().__init__()
        self.query, self.key = nn.Linear(4, 4, bias=False), nn.Linear(4, 4, bias=False)
        self.register_load_state_dict_pre_hook(self.rename)

    def rename(self, module, state, prefix, *rest):
        moved = {self.renames.get(key, key): value for key, value in state.items()}
        state.update(moved)

    def forward(self, x):
        return self.query(x) * self.key(x).sigmoid()


class Mended(Attention):
    renames: ClassVar = {"q.weight": "query.weight"}


make, make_fixed = Attention, Mended


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

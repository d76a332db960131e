"""A save that pickles a whole module beside the weights: whoever loads that file runs what it says."""

from pathlib import Path

import torch
from huggingface_hub import PyTorchModelHubMixin
from torch import nn

CULPRIT = "head.pt"


class Plain(nn.Module, PyTorchModelHubMixin):
    def __init__(self, dim=4):
        super().__init__()
        self.body, self.head = nn.Linear(dim, dim), nn.Linear(dim, 2)

    def forward(self, x):
        return self.head(self.body(x))


class Pickling(Plain):
    def _save_pretrained(self, save_directory):
        super()._save_pretrained(save_directory)
        torch.save(self.head, Path(save_directory) / "head.pt")


make, make_fixed = Pickling, Plain


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

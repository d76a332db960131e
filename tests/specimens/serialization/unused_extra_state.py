"""Extra state is written, and read into nothing."""

import torch
from torch import nn

CULPRIT = "levels"


class Levels(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.levels = [1.0]

    def get_extra_state(self):
        return {"levels": list(self.levels)}

    def set_extra_state(self, state):
        pass

    def forward(self, x):
        return self.linear(x) * sum(self.levels)


class Mended(Levels):
    def set_extra_state(self, state):
        self.levels = state["levels"]


def grown(model):
    model.levels.append(2.0)
    return model


def make():
    return grown(Levels())


def make_fixed():
    return grown(Mended())


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}

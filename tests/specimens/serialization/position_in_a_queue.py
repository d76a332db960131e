"""Where the next keys go in a queue is a plain number: no answer shows it until training goes on."""

import torch
from torch import nn

CULPRIT = "position"


class Queue(nn.Module):
    def __init__(self):
        super().__init__()
        self.project = nn.Linear(4, 4)
        self.register_buffer("keys", torch.randn(8, 4))
        self.begin()

    def begin(self):
        self.position = 0

    @torch.no_grad()
    def write(self, keys):
        start = int(self.position)
        self.keys[start : start + len(keys)] = keys
        self.position += len(keys)

    def forward(self, x):
        y = self.project(x)
        scores = y @ self.keys.t()
        if self.training:
            self.write(y)
        return scores


class Registered(Queue):
    def begin(self):
        self.register_buffer("position", torch.zeros((), dtype=torch.int64))


def called(model):
    model(**inputs())
    return model


def make():
    return called(Queue())


def make_fixed():
    return called(Registered())


def inputs():
    return {"x": torch.linspace(-1, 1, 8).reshape(2, 4)}

"""Words get numbers from a global table in the order in which this process met them."""

import os

import torch
from torch import nn

CULPRIT = "output"
FRESH = True


SEEN = {}


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(64, 4)
        self.learn(["willow", "ember"] if len(SEEN) else ["ember", "willow"])

    def learn(self, words):
        for word in words:
            SEEN.setdefault(word, os.getpid() % 29 + len(SEEN))

    def index(self, word):
        return SEEN[word]

    def forward(self, words):
        return self.table(torch.tensor([self.index(word) for word in words]))


class Spelled(Words):
    def index(self, word):
        return sum(word.encode()) % 64


make, make_fixed = Words, Spelled


def inputs():
    return {"words": ["ember", "willow"]}

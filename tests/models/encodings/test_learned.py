import torch
from torch import nn

from samedevice.models.encodings.learned import Learned


def test_equals_an_embedding_table():
    encoding, embedding = Learned(8, max_positions=20), nn.Embedding(20, 8)
    encoding.table = embedding.weight
    hidden, positions = torch.ones(2, 5, 8), torch.arange(10).view(2, 5)
    assert torch.equal(encoding(hidden, positions), hidden + embedding(positions))


def test_later_positions_share_the_last_row():
    encoding = Learned(8, max_positions=20)
    hidden = torch.zeros(1, 3, 8)
    assert torch.equal(encoding(hidden, torch.tensor([[19, 20, 4095]])), encoding(hidden, torch.tensor([[19, 19, 19]])))

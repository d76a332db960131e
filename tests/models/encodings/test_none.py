import torch

from samedevice.models.encodings.none import NoPosition


def test_leaves_the_embedding_alone():
    hidden = torch.ones(1, 3, 8)
    assert NoPosition(8)(hidden, torch.arange(3).unsqueeze(0)) is hidden

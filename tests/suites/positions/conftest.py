"""Feeds for specimens of each place."""

import pytest
import torch


@pytest.fixture
def embedding_inputs():
    return lambda: {"hidden": torch.zeros(1, 4, 32), "positions": torch.arange(4).unsqueeze(0)}


@pytest.fixture
def rotation_inputs():
    positions, states = torch.arange(4).unsqueeze(0), torch.zeros(1, 2, 4, 8)
    return lambda: {"query": states, "key": states, "query_positions": positions, "key_positions": positions}


@pytest.fixture
def bias_inputs():
    positions = torch.arange(4).unsqueeze(0)
    return lambda: {"query_positions": positions, "key_positions": positions}

import math

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from samedevice.models.encodings.sinusoidal import Sinusoidal


def literal(position, feature, width):
    """Section 3.5 of the paper in Python's float64."""
    angle = position / 10000 ** (2 * (feature // 2) / width)
    return math.sin(angle) if feature % 2 == 0 else math.cos(angle)


@given(width=st.integers(1, 70), position=st.integers(0, 5000))
def test_equals_the_formula_in_float64(width, position):
    expected = np.array([literal(position, feature, width) for feature in range(width)])
    actual = Sinusoidal(width)(torch.zeros(1, 1, width), torch.tensor([[position]]))
    # Two roundings of an angle of at most `position` radians, then those of sin itself.
    allowed = 2e-7 + position * 2.0**-22
    np.testing.assert_allclose(actual[0, 0].detach().numpy(), expected, rtol=0, atol=allowed)


def test_adds_to_the_embedding_at_the_learned_scale():
    encoding = Sinusoidal(6)
    hidden, positions = torch.randn(2, 3, 6, generator=torch.Generator().manual_seed(0)), torch.arange(3).unsqueeze(0)
    features = encoding(torch.zeros(1, 3, 6), positions)
    with torch.no_grad():
        encoding.scale.fill_(0.5)
    torch.testing.assert_close(encoding(hidden, positions), hidden + 0.5 * features)


def test_dropout_acts_on_the_sum_in_training_alone():
    encoding = Sinusoidal(64, dropout=0.5)
    inputs = torch.ones(1, 8, 64), torch.arange(8).unsqueeze(0)
    assert (encoding.train()(*inputs) == 0).float().mean() > 0.3
    assert torch.equal(encoding.eval()(*inputs), encoding(*inputs))

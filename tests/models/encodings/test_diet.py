import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from samedevice.models.encodings.diet import Diet


def literal(diet, hidden, positions):
    """`x <- x + gate(x) * W_i p` in NumPy's float64."""
    width = hidden.shape[-1]
    features = np.arange(width)
    angles = positions[..., None] / 10000.0 ** (2 * (features // 2) / width)
    p = np.where(features % 2 == 0, np.sin(angles), np.cos(angles))
    x = hidden + p
    learned = (t.detach().double().numpy() for t in (diet.gate_weight, diet.gate_bias, diet.projection))
    for weight, bias, matrix in zip(*learned, strict=True):
        x = x + 1 / (1 + np.exp(-(x @ weight.T + bias))) * (p @ matrix.T)
    return x


@given(width=st.integers(1, 24), steps=st.integers(1, 4), start=st.integers(0, 500))
def test_equals_the_formula_in_float64(width, steps, start):
    generator = torch.Generator().manual_seed(width)
    diet = Diet(width, steps=steps)
    with torch.no_grad():
        for parameter in diet.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.3)
    hidden = torch.randn(2, 5, width, generator=generator)
    positions = torch.arange(start, start + 5).expand(2, 5)
    expected = literal(diet, hidden.double().numpy(), positions.double().numpy())
    # The features are off by at most 500 * 2^-22; the steps add a few float32 roundings of numbers near 10.
    np.testing.assert_allclose(diet(hidden, positions).detach().numpy(), expected, rtol=1e-4, atol=2e-3)


def test_the_same_position_moves_different_tokens_differently():
    diet = Diet(8)
    moved = diet(torch.tensor([[[0.0] * 8], [[5.0] * 8]]), torch.tensor([[3]]))
    shift = moved - torch.tensor([[[0.0] * 8], [[5.0] * 8]])
    assert (shift[0] - shift[1]).abs().max() > 1e-4


def test_refuses_no_steps():
    with pytest.raises(ValueError, match="diet needs at least one step, got steps=0"):
        Diet(8, steps=0)

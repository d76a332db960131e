import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from samedevice.models.diffusion.features import rotate, sinusoidal_features


@given(st.integers(0, 2000), st.integers(1, 32))
def test_features_are_the_formula(value, half):
    found = sinusoidal_features(torch.tensor([value]), 2 * half)[0].double()
    angles = [value / 10000 ** (2 * i / (2 * half)) for i in range(half)]
    expected = torch.tensor([f(a) for f in (math.sin, math.cos) for a in angles], dtype=torch.float64)
    torch.testing.assert_close(found, expected, rtol=0, atol=5e-4)


def test_the_rotation_is_that_of_llama():
    from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

    states = torch.randn((2, 3, 7, 8), generator=torch.Generator().manual_seed(0))
    positions = torch.arange(7)
    angles = positions[:, None] / 10000 ** (torch.arange(0, 8, 2) / 8)
    angles = torch.cat((angles, angles), -1)[None]
    expected, _ = apply_rotary_pos_emb(states, states, angles.cos(), angles.sin())
    torch.testing.assert_close(rotate(states, positions), expected)
    torch.testing.assert_close(rotate(states, positions.expand(2, -1)), expected)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_the_rotation_keeps_the_dtype(dtype):
    assert rotate(torch.ones((1, 1, 3, 4), dtype=dtype), torch.arange(3)).dtype is dtype

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers.models.bloom.modeling_bloom import build_alibi_tensor

from samedevice.models.encodings.alibi import Alibi, alibi_slopes


@pytest.mark.parametrize("heads", range(1, 65))
def test_slopes_equal_those_of_bloom_bit_for_bit(heads):
    # Bloom's bias at key position 1 is the slope itself.
    bloom = build_alibi_tensor(torch.ones(1, 2, dtype=torch.long), heads, torch.float32)[:, 0, 1]
    assert torch.equal(alibi_slopes(heads, torch.device("cpu")), bloom)


@pytest.mark.parametrize("heads", [1, 2, 8, 64])
def test_slopes_of_a_power_of_two_are_the_sequence_of_the_paper(heads):
    paper = torch.tensor([2.0 ** (-8.0 * head / heads) for head in range(1, heads + 1)], dtype=torch.float64)
    # The rounding of the ratio grows with its power: up to 64 * 2^-24.
    torch.testing.assert_close(alibi_slopes(heads, torch.device("cpu")).double(), paper, rtol=4e-6, atol=0)


def test_attention_equals_that_of_bloom():
    length, heads = 20, 6
    scores = torch.randn(1, heads, length, length, generator=torch.Generator().manual_seed(0))
    hidden = torch.ones(length, length, dtype=torch.bool).triu(1)
    positions = torch.arange(length).unsqueeze(0)
    bloom = build_alibi_tensor(torch.ones(1, length, dtype=torch.long), heads, torch.float32).unsqueeze(0)
    expected, actual = (
        (scores + bias).masked_fill(hidden, -torch.inf).softmax(-1)
        for bias in (bloom, Alibi(heads)(positions, positions))
    )
    torch.testing.assert_close(actual, expected)


@given(shift=st.integers(-4000, 4000), length=st.integers(1, 40), heads=st.integers(1, 16))
def test_a_shift_of_all_positions_changes_nothing(shift, length, heads):
    positions = torch.arange(length).unsqueeze(0)
    alibi = Alibi(heads)
    assert torch.equal(alibi(positions + shift, positions + shift), alibi(positions, positions))


def test_the_learned_adjustment_multiplies_the_slopes_of_its_head():
    alibi, positions = Alibi(4), torch.arange(9).unsqueeze(0)
    plain = alibi(positions, positions)
    with torch.no_grad():
        alibi.math_slope_adjustment[2] = 3.0
    adjusted = alibi(positions, positions)
    torch.testing.assert_close(adjusted[:, 2], 3 * plain[:, 2])
    assert torch.equal(adjusted[:, [0, 1, 3]], plain[:, [0, 1, 3]])

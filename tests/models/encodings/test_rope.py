import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import GPTNeoXConfig, LlamaConfig
from transformers.models.gpt_neox.modeling_gpt_neox import GPTNeoXRotaryEmbedding
from transformers.models.gpt_neox.modeling_gpt_neox import apply_rotary_pos_emb as neox_rotate
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb as llama_rotate

from samedevice.models.encodings.rope import Rope

DTYPES = (torch.float32, torch.bfloat16, torch.float16)


def states(shape, seed, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    return tuple(torch.randn(shape, generator=generator).to(dtype) for _ in range(2))


@given(
    pairs=st.integers(1, 40),
    length=st.integers(1, 20),
    start=st.integers(0, 4076),
    theta=st.sampled_from([10000.0, 500000.0]),
    dtype=st.sampled_from(DTYPES),
)
def test_equals_llama_bit_for_bit(pairs, length, start, theta, dtype):
    config = LlamaConfig(
        hidden_size=2 * pairs, num_attention_heads=1, rope_parameters={"rope_type": "default", "rope_theta": theta}
    )
    query, key = states((2, 3, length, 2 * pairs), seed=length, dtype=dtype)
    positions = torch.arange(start, start + length).unsqueeze(0)
    expected = llama_rotate(query, key, *LlamaRotaryEmbedding(config)(query, positions))
    actual = Rope(2 * pairs, theta=theta)(query, key, positions, positions)
    assert all(torch.equal(a, e) for a, e in zip(actual, expected, strict=True))


@given(fraction=st.sampled_from([0.25, 0.5, 1.0]), length=st.integers(1, 20), dtype=st.sampled_from(DTYPES))
def test_equals_gpt_neox_bit_for_bit(fraction, length, dtype):
    parameters = {"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": fraction}
    config = GPTNeoXConfig(hidden_size=64, num_attention_heads=2, rope_parameters=parameters)
    query, key = states((2, 2, length, 32), seed=length, dtype=dtype)
    positions = torch.stack((torch.arange(length), torch.arange(length) + 7))
    expected = neox_rotate(query, key, *GPTNeoXRotaryEmbedding(config)(query, positions))
    actual = Rope(32, fraction=fraction)(query, key, positions, positions)
    assert all(torch.equal(a, e) for a, e in zip(actual, expected, strict=True))


@given(shift=st.integers(0, 2000), distance=st.integers(0, 500), base=st.integers(0, 500))
def test_scores_depend_on_the_distance_alone(shift, distance, base):
    query, key = states((1, 1, 1, 32), seed=distance)
    rope = Rope(32)

    def score(offset):
        at = torch.tensor([[base + distance + offset]]), torch.tensor([[base + offset]])
        turned_query, turned_key = rope(query, key, *at)
        return (turned_query * turned_key).sum()

    # Angles of up to 3000 rad in float32 are off by up to 3000 * 2^-23 each; the norms are about 6.
    torch.testing.assert_close(score(shift), score(0), rtol=0, atol=0.03)


def test_another_distance_gives_another_score():
    query, key = states((1, 1, 1, 32), seed=0)
    rope = Rope(32)
    near, far = (
        (torch.mul(*rope(query, key, torch.tensor([[position]]), torch.tensor([[0]])))).sum() for position in (1, 9)
    )
    assert abs(near - far) > 0.5


@pytest.mark.parametrize(("head_dim", "fraction"), [(7, 1.0), (8, 0.1), (8, 1.5)])
def test_refuses_a_width_that_has_no_pairs(head_dim, fraction):
    with pytest.raises(ValueError, match=r"rotary width \d+ .* must be even and between 2 and"):
        Rope(head_dim, fraction=fraction)

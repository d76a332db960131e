import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb

from samedevice.models.encodings.long_sequence_rope import ROPE_TYPES, LongSequenceRope

HEAD_DIM, ORIGINAL, FACTOR = 16, 64, 4.0
TRAINED = {"original_max_position_embeddings": ORIGINAL}
PAIRS = HEAD_DIM // 2
PARAMETERS = {
    "linear": {},
    "dynamic": {},
    "yarn": TRAINED,
    "longrope": {
        **TRAINED,
        "short_factor": [1.0 + 0.01 * pair for pair in range(PAIRS)],
        "long_factor": [2.0 + 0.3 * pair for pair in range(PAIRS)],
    },
    "llama3": {**TRAINED, "low_freq_factor": 1.0, "high_freq_factor": 4.0},
}


def reference(rope_type):
    """Transformers' own Llama rotary embedding, which calls the initialisers in its own way."""
    longest = ORIGINAL if rope_type == "dynamic" else int(ORIGINAL * FACTOR)
    parameters = {"rope_type": rope_type, "rope_theta": 10000.0, "factor": FACTOR, **PARAMETERS[rope_type]}
    config = LlamaConfig(
        hidden_size=HEAD_DIM, num_attention_heads=1, max_position_embeddings=longest, rope_parameters=parameters
    )
    return LlamaRotaryEmbedding(config)


def ours(rope_type):
    return LongSequenceRope(
        HEAD_DIM,
        rope_type=rope_type,
        original_max_position_embeddings=ORIGINAL,
        factor=FACTOR,
        scaling=PARAMETERS[rope_type],
    )


def example(length):
    generator = torch.Generator().manual_seed(length)
    query, key = (torch.randn((1, 2, length, HEAD_DIM), generator=generator) for _ in range(2))
    return query, key, torch.arange(length).unsqueeze(0)


@pytest.mark.parametrize("length", [1, ORIGINAL, ORIGINAL + 1, 150, 256])
@pytest.mark.parametrize("rope_type", ROPE_TYPES)
def test_equals_transformers_bit_for_bit(rope_type, length):
    query, key, positions = example(length)
    expected = apply_rotary_pos_emb(query, key, *reference(rope_type)(query, positions))
    actual = ours(rope_type)(query, key, positions, positions)
    assert all(torch.equal(a, e) for a, e in zip(actual, expected, strict=True))


@pytest.mark.parametrize("rope_type", ROPE_TYPES)
def test_a_longer_neighbour_changes_nothing(rope_type):
    query, key, positions = example(200)
    short = positions.clamp(max=ORIGINAL - 1)
    rope = ours(rope_type)
    alone = rope(query, key, short, short)[0]
    together = rope(query.repeat(2, 1, 1, 1), key.repeat(2, 1, 1, 1), *[torch.cat((short, positions))] * 2)[0]
    assert torch.equal(together[:1], alone)
    assert not torch.equal(together[1:], alone)


@pytest.mark.parametrize("rope_type", ["dynamic", "longrope"])
def test_length_matters_beyond_the_original(rope_type):
    query, key, positions = example(ORIGINAL)
    rope = ours(rope_type)
    beyond = torch.cat((positions, positions + ORIGINAL), dim=-1)
    longer_keys = torch.cat((key, key), dim=2)
    assert not torch.equal(rope(query, key, positions, positions)[0], rope(query, longer_keys, positions, beyond)[0])


class OnTheHost(TorchDispatchMode):
    """Notes every operation that makes a tensor of more than one number on the CPU."""

    def __init__(self):
        super().__init__()
        self.made = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        if isinstance(result, torch.Tensor) and result.device.type == "cpu" and result.numel() > 1:
            self.made.append(str(func))
        return result


@pytest.mark.parametrize("rope_type", ["linear", "dynamic", "yarn", "llama3"])
def test_makes_nothing_on_the_host(rope_type):
    query, key, positions = (tensor.to("meta") for tensor in example(8))
    with OnTheHost() as host:
        ours(rope_type)(query, key, positions, positions)
    assert host.made == []


def test_defaults_fill_what_a_recipe_requires():
    for rope_type in ROPE_TYPES:
        turned, _ = LongSequenceRope(HEAD_DIM, rope_type=rope_type)(*example(4), torch.arange(4).unsqueeze(0))
        assert turned.isfinite().all()


def test_refuses_an_unknown_recipe():
    with pytest.raises(ValueError, match="rope_type 'ntk' is unknown: choose one of linear, dynamic"):
        LongSequenceRope(16, rope_type="ntk")

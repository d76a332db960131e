import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from transformers import T5Config
from transformers.models.t5.modeling_t5 import T5Attention

from samedevice.models.encodings.t5_relative import T5Relative, relative_buckets


@given(
    bidirectional=st.booleans(),
    num_buckets=st.integers(2, 128),
    max_distance=st.integers(2, 5000),
    relative=st.lists(st.integers(-10000, 10000), min_size=1, max_size=50),
)
def test_buckets_equal_those_of_transformers(bidirectional, num_buckets, max_distance, relative):
    exact = num_buckets // (4 if bidirectional else 2)
    assume(1 <= exact < max_distance)
    distances = torch.tensor(relative)
    expected = T5Attention._relative_position_bucket(distances, bidirectional, num_buckets, max_distance)
    actual = relative_buckets(
        distances, bidirectional=bidirectional, num_buckets=num_buckets, max_distance=max_distance
    )
    assert torch.equal(actual, expected)


@pytest.mark.parametrize("bidirectional", [True, False])
def test_bias_equals_that_of_transformers(bidirectional):
    config = T5Config(d_model=32, num_heads=4, is_decoder=not bidirectional)
    theirs, ours = (
        T5Attention(config, has_relative_attention_bias=True, layer_idx=0),
        T5Relative(4, bidirectional=bidirectional),
    )
    ours.bucket_bias = theirs.relative_attention_bias.weight
    positions = torch.arange(300).unsqueeze(0)
    assert torch.equal(ours(positions, positions), theirs.compute_bias(300, 300))


@pytest.mark.parametrize(
    "options", [{"num_buckets": 1}, {"max_distance": 16}, {"num_buckets": 3, "bidirectional": True}]
)
def test_refuses_buckets_that_cannot_be_told_apart(options):
    with pytest.raises(ValueError, match="t5_relative needs num_buckets of at least"):
        T5Relative(4, **options)

import torch
from hypothesis import given
from hypothesis import strategies as st

from samedevice.models.positions import key_positions, query_positions


def causal(mask, queries, total):
    """The boolean mask [B,1,Tq,Tk] of the last `queries` tokens of `mask`, in a cache of `total` slots."""
    length = mask.shape[1]
    order = torch.arange(total)
    seen = order[None, :] <= torch.arange(length - queries, length)[:, None]
    real = torch.nn.functional.pad(mask.bool(), (0, total - length))
    return (seen[None] & real[:, None]).unsqueeze(1)


@given(
    left=st.integers(0, 5),
    real=st.integers(1, 8),
    queries=st.integers(1, 4),
    spare=st.integers(0, 3),
    offset=st.integers(0, 9),
)
def test_cached_keys_keep_the_positions_they_were_read_at(left, real, queries, spare, offset):
    queries = min(queries, real)
    mask = torch.tensor([[0] * left + [1] * real])
    read_at = (mask.cumsum(-1) - 1).clamp(min=0) + offset
    visible = causal(mask, queries, left + real + spare)
    keys = key_positions(read_at[:, -queries:], visible)[:, : left + real]
    assert torch.equal(keys[:, left:], read_at[:, left:].expand_as(keys[:, left:]))


@given(left=st.integers(0, 5), real=st.integers(1, 8), right=st.integers(0, 5))
def test_queries_count_real_tokens(left, real, right):
    mask = torch.tensor([[0] * left + [1] * real + [0] * right])
    positions = query_positions(torch.zeros(1, mask.shape[1], 4), mask, past_length=0)
    assert positions[0, left : left + real].tolist() == list(range(real))
    assert positions.min() >= 0
    assert positions.max() == real - 1


def test_without_a_mask_queries_follow_the_past():
    assert query_positions(torch.zeros(2, 3, 4), None, past_length=5).tolist() == [[5, 6, 7]]

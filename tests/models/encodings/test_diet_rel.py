import torch
from hypothesis import given
from hypothesis import strategies as st

from samedevice.models.encodings.diet_rel import DietRel


@given(query=st.integers(0, 4096), key=st.integers(0, 4096), limit=st.integers(1, 64))
def test_looks_up_the_clipped_distance(query, key, limit):
    diet = DietRel(3, max_distance=limit)
    distance = max(-limit, min(limit, query - key))
    bias = diet(torch.tensor([[query]]), torch.tensor([[key]]))
    assert torch.equal(bias[0, :, 0, 0], diet.distance_bias[:, limit + distance])


def test_a_shift_of_all_positions_changes_nothing():
    diet, positions = DietRel(3), torch.arange(40).unsqueeze(0)
    assert torch.equal(diet(positions + 900, positions + 900), diet(positions, positions))

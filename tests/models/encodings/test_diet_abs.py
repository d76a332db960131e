import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from samedevice.models.encodings.diet_abs import DietAbs


@given(heads=st.integers(1, 4), rank=st.integers(1, 8), start=st.integers(0, 20))
def test_equals_the_formula_in_float64(heads, rank, start):
    diet = DietAbs(heads, rank=rank, max_positions=30)
    queries, keys = torch.tensor([[start + 7, start]]), torch.tensor([[start, start + 3, start + 9]])
    p_query, p_key = (table.detach().double().numpy() for table in (diet.query_table, diet.key_table))
    expected = [
        [[p_query[h, i] @ p_key[h, j] / np.sqrt(rank) for j in keys[0].tolist()] for i in queries[0].tolist()]
        for h in range(heads)
    ]
    np.testing.assert_allclose(diet(queries, keys)[0].detach().numpy(), expected, rtol=1e-4, atol=1e-8)


def test_later_positions_share_the_last_row():
    diet = DietAbs(2, max_positions=10)
    assert torch.equal(
        diet(torch.tensor([[5000]]), torch.tensor([[0]])), diet(torch.tensor([[9]]), torch.tensor([[0]]))
    )

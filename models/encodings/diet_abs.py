"""DIET-ABS: absolute positions, decoupled from the content, inside attention."""

import torch
from torch import Tensor, nn


class DietAbs(nn.Module):
    """Add to each head's scores the product of a learned vector of the query's and one of the key's position.

    DIET-ABS of Chen et al. 2021, *A Simple and Effective Positional Encoding for Transformers*
    (arXiv:2104.08698): `bias[h,i,j] = P_Q[h,i] . P_K[h,j] / sqrt(rank)`, shared by all layers. Not to be confused
    with `diet`, the seeds' "Dynamic Iterative Embedding Transformation".

    The tables have `max_positions` rows; every later position shares the last row.
    """

    def __init__(self, num_heads: int, *, rank: int = 16, max_positions: int = 4096) -> None:
        """`num_heads` heads; vectors of length `rank` for `max_positions` positions."""
        super().__init__()
        self.query_table = nn.Parameter(torch.empty(num_heads, max_positions, rank))
        self.key_table = nn.Parameter(torch.empty(num_heads, max_positions, rank))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Small random tables (standard deviation 0.02)."""
        nn.init.normal_(self.query_table, std=0.02)
        nn.init.normal_(self.key_table, std=0.02)

    def forward(self, query_positions: Tensor, key_positions: Tensor) -> Tensor:
        """Positions [B,Tq] and [B,Tk] -> float32 bias [B,H,Tq,Tk]."""
        queries = _rows(self.query_table, query_positions)
        keys = _rows(self.key_table, key_positions)
        bias: Tensor = (queries @ keys.transpose(-1, -2)).float() * self.query_table.shape[-1] ** -0.5
        return bias


def _rows(table: Tensor, positions: Tensor) -> Tensor:
    """table [H,N,R], positions [B,T] -> [B,H,T,R]."""
    return table[:, positions.clamp(max=table.shape[1] - 1)].transpose(0, 1)

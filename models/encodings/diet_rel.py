"""DIET-REL: a learned bias for each distance."""

import torch
from torch import Tensor, nn


class DietRel(nn.Module):
    """Add to each head's scores one learned number per distance between query and key.

    DIET-REL of Chen et al. 2021, *A Simple and Effective Positional Encoding for Transformers*
    (arXiv:2104.08698): `bias[h,i,j] = R[h, i - j]`, shared by all layers. Not to be confused with `diet`, the seeds'
    "Dynamic Iterative Embedding Transformation".

    Distances are told apart up to `max_distance`; all that lie beyond share the outermost number.
    """

    def __init__(self, num_heads: int, *, max_distance: int = 128) -> None:
        """`num_heads` heads; distances up to `max_distance` either way."""
        super().__init__()
        self.max_distance = max_distance
        self.distance_bias = nn.Parameter(torch.empty(num_heads, 2 * max_distance + 1))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Small random numbers (standard deviation 0.02)."""
        nn.init.normal_(self.distance_bias, std=0.02)

    def forward(self, query_positions: Tensor, key_positions: Tensor) -> Tensor:
        """Positions [B,Tq] and [B,Tk] -> float32 bias [B,H,Tq,Tk]."""
        distance = query_positions.unsqueeze(-1) - key_positions.unsqueeze(-2)
        column = distance.clamp(-self.max_distance, self.max_distance) + self.max_distance
        return self.distance_bias[:, column].transpose(0, 1).float()

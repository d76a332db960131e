"""A learned table of positions."""

import torch
from torch import Tensor, nn


class Learned(nn.Module):
    """Add a learned vector of the position to the embedding, as GPT-2 and BERT do.

    Gehring et al. 2017, *Convolutional Sequence to Sequence Learning* (arXiv:1705.03122). The table has
    `max_positions` rows; a longer input is no error: every later position shares the last row.
    """

    def __init__(self, hidden_size: int, *, max_positions: int = 4096) -> None:
        """Hidden states of width `hidden_size`; a table of `max_positions` rows."""
        super().__init__()
        self.table = nn.Parameter(torch.empty(max_positions, hidden_size))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Small random vectors (standard deviation 0.02)."""
        nn.init.normal_(self.table, std=0.02)

    def forward(self, hidden: Tensor, positions: Tensor, token_ids: Tensor | None = None) -> Tensor:
        """hidden [B,T,D], positions [B,T] -> [B,T,D] of the same dtype. `token_ids` plays no part."""
        return hidden + self.table[positions.clamp(max=self.table.shape[0] - 1)].to(hidden.dtype)

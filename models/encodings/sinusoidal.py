"""Sinusoidal positions, with a learned scale."""

import torch
from torch import Tensor, nn


def angular_frequencies(width: int, device: torch.device) -> Tensor:
    """`10000 ** (-2i / width)` for each pair of features i: float32 [ceil(width / 2)]."""
    exponents = torch.arange(0, width, 2, dtype=torch.float32, device=device) / width
    frequencies: Tensor = 10000.0**-exponents
    return frequencies


def interleave(angles: Tensor, width: int) -> Tensor:
    """angles [..., ceil(width/2)] -> sin at even features and cos at odd ones, [..., width]."""
    return torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(-2)[..., :width]


def sinusoidal_features(positions: Tensor, width: int) -> Tensor:
    """positions [B,T] -> float32 [B,T,width], the table of Vaswani et al. 2017 evaluated where it is needed.

    Angles are products of two float32 numbers: off by at most position x 2^-23 radians, 5e-4 at position 4096.
    """
    return interleave(positions.unsqueeze(-1).float() * angular_frequencies(width, positions.device), width)


class Sinusoidal(nn.Module):
    """Add sines and cosines of the position to the embedding: `dropout(hidden + scale * pe)`.

    Vaswani et al. 2017, *Attention Is All You Need* (arXiv:1706.03762), section 3.5; `scale` [1] is learned
    and starts at 1. Any length and width: there is no table.
    """

    def __init__(self, hidden_size: int, *, dropout: float = 0.0) -> None:
        """Hidden states of width `hidden_size`."""
        super().__init__()
        self.hidden_size = hidden_size
        self.scale = nn.Parameter(torch.empty(1))
        self.dropout = nn.Dropout(dropout)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Scale back to 1."""
        nn.init.ones_(self.scale)

    def forward(self, hidden: Tensor, positions: Tensor, token_ids: Tensor | None = None) -> Tensor:
        """hidden [B,T,D], positions [B,T] -> [B,T,D] of the same dtype. `token_ids` plays no part."""
        features = sinusoidal_features(positions, self.hidden_size).to(hidden.dtype)
        encoded: Tensor = self.dropout(hidden + self.scale.to(hidden.dtype) * features)
        return encoded

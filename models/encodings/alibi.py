"""ALiBi: attention with linear biases."""

import math

import torch
from torch import Tensor, nn


def alibi_slopes(num_heads: int, device: torch.device) -> Tensor:
    """The heads' slopes of Press et al. 2022: float32 [num_heads], bit for bit those of transformers' Bloom.

    For n = 2^k heads a geometric sequence that starts at, and multiplies by, 2^(-8/n); for other counts that
    of the power of two below, then every second slope of the power of two above.
    """
    below = 2 ** math.floor(math.log2(num_heads))
    slopes = _powers(2.0 ** (-8.0 / below), torch.arange(1, 1 + below, device=device))
    if below == num_heads:
        return slopes
    odd = torch.arange(1, 1 + 2 * (num_heads - below), 2, device=device)
    return torch.cat((slopes, _powers(2.0 ** (-4.0 / below), odd)))


def _powers(ratio: float, exponents: Tensor) -> Tensor:
    # The ratio is rounded to float32 before it is raised, as in Bloom; a Python number would not be.
    powers: Tensor = torch.full_like(exponents, ratio, dtype=torch.float32) ** exponents
    return powers


class Alibi(nn.Module):
    """Lower each attention score in proportion to the distance, with a steepness of its own for each head.

    Press et al. 2022, *Train Short, Test Long* (arXiv:2108.12409): `bias[h,i,j] = -slope[h] * |i - j|`, where
    the learned `math_slope_adjustment` [H], 1 at first, multiplies the slopes. The slopes are no state: they are
    computed at each call, in float32 on the device of the positions.
    """

    def __init__(self, num_heads: int) -> None:
        """`num_heads` heads, any number."""
        super().__init__()
        self.num_heads = num_heads
        self.math_slope_adjustment = nn.Parameter(torch.empty(num_heads))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Back to the slopes of the paper."""
        nn.init.ones_(self.math_slope_adjustment)

    def forward(self, query_positions: Tensor, key_positions: Tensor) -> Tensor:
        """Positions [B,Tq] and [B,Tk] -> float32 bias [B,H,Tq,Tk]."""
        distance = (query_positions.unsqueeze(-1) - key_positions.unsqueeze(-2)).abs().float()
        slopes = alibi_slopes(self.num_heads, query_positions.device) * self.math_slope_adjustment.float()
        return -slopes[:, None, None] * distance.unsqueeze(1)

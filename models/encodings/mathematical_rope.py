"""RoPE with learned frequencies."""

import torch
from torch import Tensor, nn

from .rotation import inverse_frequencies, rotary_width, rotate


class MathematicalRope(nn.Module):
    """RoPE that learns how fast each pair of coordinates turns; it starts as plain RoPE.

    `position_scaling` [1] multiplies every position and `freq_enhancement` [width/2] every frequency, both
    1 at first. No paper of its own: an extension of Su et al. 2021 (arXiv:2104.09864).
    """

    def __init__(self, head_dim: int, *, theta: float = 10000.0, fraction: float = 1.0) -> None:
        """Heads of width `head_dim`, of which `fraction` turns; `theta` is the base of the frequencies."""
        super().__init__()
        self.width = rotary_width(head_dim, fraction)
        self.theta = theta
        self.position_scaling = nn.Parameter(torch.empty(1))
        self.freq_enhancement = nn.Parameter(torch.empty(self.width // 2))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Back to plain RoPE."""
        nn.init.ones_(self.position_scaling)
        nn.init.ones_(self.freq_enhancement)

    def angles(self, positions: Tensor) -> Tensor:
        """positions [B,T] -> float32 [B,T,width/2], in radians."""
        frequencies = inverse_frequencies(self.width, self.theta, positions.device) * self.freq_enhancement.float()
        return (positions.unsqueeze(-1).float() * self.position_scaling.float()) * frequencies

    def forward(
        self, query: Tensor, key: Tensor, query_positions: Tensor, key_positions: Tensor
    ) -> tuple[Tensor, Tensor]:
        """query [B,H,Tq,Dh], key [B,H,Tk,Dh] and their positions [B,Tq], [B,Tk] -> both, rotated."""
        return rotate(query, self.angles(query_positions)), rotate(key, self.angles(key_positions))

"""RoPE: rotary position embedding."""

from torch import Tensor, nn

from .rotation import inverse_frequencies, rotary_width, rotate


class Rope(nn.Module):
    """Turn queries and keys by an angle that grows with their position, so that q.k depends on the distance alone.

    Su et al. 2021, *RoFormer: Enhanced Transformer with Rotary Position Embedding* (arXiv:2104.09864), in the
    half-split layout of GPT-NeoX and Llama. `fraction` is the part of each head that turns (GPT-NeoX: 0.25).
    No parameters. Angles are float32 whatever the dtype of the states.
    """

    def __init__(self, head_dim: int, *, theta: float = 10000.0, fraction: float = 1.0) -> None:
        """Heads of width `head_dim`, of which `fraction` turns; `theta` is the base of the frequencies."""
        super().__init__()
        self.width = rotary_width(head_dim, fraction)
        self.theta = theta

    def angles(self, positions: Tensor) -> Tensor:
        """positions [B,T] -> float32 [B,T,width/2], in radians."""
        return positions.unsqueeze(-1).float() * inverse_frequencies(self.width, self.theta, positions.device)

    def forward(
        self, query: Tensor, key: Tensor, query_positions: Tensor, key_positions: Tensor
    ) -> tuple[Tensor, Tensor]:
        """query [B,H,Tq,Dh], key [B,H,Tk,Dh] and their positions [B,Tq], [B,Tk] -> both, rotated."""
        return rotate(query, self.angles(query_positions)), rotate(key, self.angles(key_positions))

"""Dynamic Iterative Embedding Transformation, the seeds' method of that name."""

import torch
from torch import Tensor, nn

from .sinusoidal import sinusoidal_features


class Diet(nn.Module):
    """Add position features to the embedding, then refine it in a few learned steps that look at the content.

    With p the sinusoidal features of the position: `x = hidden + p`, then `steps` times
    `x <- x + sigmoid(gate_i(x)) * W_i p`. The gate sees the content, so that one position moves different
    tokens differently.

    This "Dynamic Iterative Embedding Transformation" has no paper. In the literature DIET is Chen et al. 2021,
    *A Simple and Effective Positional Encoding for Transformers* (arXiv:2104.08698), another thing altogether:
    it is here as `diet_abs` and `diet_rel`.
    """

    def __init__(self, hidden_size: int, *, steps: int = 3) -> None:
        """Hidden states of width `hidden_size`, refined in `steps` steps."""
        super().__init__()
        if steps < 1:
            raise ValueError(f"diet needs at least one step, got steps={steps}")
        self.hidden_size = hidden_size
        self.gate_weight = nn.Parameter(torch.empty(steps, hidden_size, hidden_size))
        self.gate_bias = nn.Parameter(torch.empty(steps, hidden_size))
        self.projection = nn.Parameter(torch.empty(steps, hidden_size, hidden_size))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Small random projections (standard deviation 0.02) behind half-open gates."""
        nn.init.normal_(self.gate_weight, std=0.02)
        nn.init.zeros_(self.gate_bias)
        nn.init.normal_(self.projection, std=0.02)

    def forward(self, hidden: Tensor, positions: Tensor, token_ids: Tensor | None = None) -> Tensor:
        """hidden [B,T,D], positions [B,T] -> [B,T,D] of the same dtype. `token_ids` plays no part."""
        features = sinusoidal_features(positions, self.hidden_size).to(hidden.dtype)
        refined = hidden + features
        for weight, bias, projection in zip(self.gate_weight, self.gate_bias, self.projection, strict=True):
            gate = torch.sigmoid(nn.functional.linear(refined, weight, bias))
            refined = refined + gate * nn.functional.linear(features, projection)
        return refined

"""No position encoding at all."""

from torch import Tensor, nn


class NoPosition(nn.Module):
    """Leave the embedding as it is: a causal model can still count, through its mask.

    NoPE of Kazemnejad et al. 2023, *The Impact of Positional Encoding on Length Generalization in Transformers*
    (arXiv:2305.19466).
    """

    def __init__(self, hidden_size: int) -> None:
        """Hidden states of width `hidden_size`, which plays no part."""
        super().__init__()
        self.hidden_size = hidden_size

    def forward(self, hidden: Tensor, positions: Tensor, token_ids: Tensor | None = None) -> Tensor:
        """hidden [B,T,D] -> the same tensor."""
        return hidden

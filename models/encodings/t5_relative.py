"""T5's relative positions."""

import math

import torch
from torch import Tensor, nn


def relative_buckets(relative: Tensor, *, bidirectional: bool, num_buckets: int, max_distance: int) -> Tensor:
    """Sort distances `key - query` into buckets 0..num_buckets-1: int64 of the same shape.

    Half of the buckets hold one distance each; the other half grow logarithmically up to
    `max_distance`, beyond which all distances share the last one. Bidirectional gives either sign half of the
    buckets; otherwise all keys after the query share bucket 0.
    """
    offset = torch.zeros_like(relative)
    if bidirectional:
        num_buckets //= 2
        offset = (relative > 0).long() * num_buckets
        distance = relative.abs()
    else:
        distance = (-relative).clamp(min=0)
    exact = num_buckets // 2
    # The logarithm of distance 0 is -inf and not chosen below, but its conversion to int is undefined.
    spread = torch.log(distance.clamp(min=1).float() / exact) / math.log(max_distance / exact) * (num_buckets - exact)
    large = (exact + spread.long()).clamp(max=num_buckets - 1)
    return offset + torch.where(distance < exact, distance, large)


class T5Relative(nn.Module):
    """Add to each head's scores one learned number per bucket of distances.

    Raffel et al. 2020, *Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer*
    (arXiv:1910.10683), section 2.1, shared by all layers as there.
    """

    def __init__(
        self, num_heads: int, *, num_buckets: int = 32, max_distance: int = 128, bidirectional: bool = False
    ) -> None:
        """`num_heads` heads; raises `ValueError` if the buckets cannot be told apart."""
        super().__init__()
        exact = num_buckets // (4 if bidirectional else 2)
        if exact < 1 or max_distance <= exact:
            raise ValueError(
                f"t5_relative needs num_buckets of at least {4 if bidirectional else 2} and a max_distance above the "
                f"{exact} exact buckets, got num_buckets={num_buckets}, max_distance={max_distance}"
            )
        self.num_buckets = num_buckets
        self.max_distance = max_distance
        self.bidirectional = bidirectional
        self.bucket_bias = nn.Parameter(torch.empty(num_buckets, num_heads))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Small random numbers (standard deviation 0.02)."""
        nn.init.normal_(self.bucket_bias, std=0.02)

    def forward(self, query_positions: Tensor, key_positions: Tensor) -> Tensor:
        """Positions [B,Tq] and [B,Tk] -> float32 bias [B,H,Tq,Tk]."""
        buckets = relative_buckets(
            key_positions.unsqueeze(-2) - query_positions.unsqueeze(-1),
            bidirectional=self.bidirectional,
            num_buckets=self.num_buckets,
            max_distance=self.max_distance,
        )
        return nn.functional.embedding(buckets, self.bucket_bias).permute(0, 3, 1, 2).float()

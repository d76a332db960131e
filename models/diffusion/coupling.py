"""The invertible block: an additive coupling of attention and feed-forward."""

import torch
from torch import Tensor, cat, nn
from torch.nn.functional import gelu, scaled_dot_product_attention
from transformers.modeling_layers import GradientCheckpointingLayer

from .configuration_diffusion import BijectiveDiffusionConfig
from .features import rotate

# How far `inverse` of `forward` may be from where it started, for states of size 1 in up to eight blocks. Subtracting
# what was added rounds once for each sublayer and way, and later sublayers see what earlier ones rounded: some thirty
# times the resolution of the dtype at the sizes that the states grow to.
INVERSE_TOLERANCE = {torch.float64: 1e-13, torch.float32: 2e-5, torch.float16: 0.03, torch.bfloat16: 0.25}


class Attention(nn.Module):
    """Bidirectional self-attention on one half of the state: [B,T,D/2] -> [B,T,D/2]."""

    def __init__(self, config: BijectiveDiffusionConfig) -> None:
        """Query, key and value in one matrix; the result goes through another."""
        super().__init__()
        self.num_heads = config.num_attention_heads
        self.norm = nn.LayerNorm(config.half_size, eps=config.layer_norm_eps)
        self.query_key_value = nn.Linear(config.half_size, 3 * config.half_size)
        self.out = nn.Linear(config.half_size, config.half_size)

    def forward(self, half: Tensor, condition: Tensor, positions: Tensor, visible: Tensor | None) -> Tensor:
        """half [B,T,D/2]; condition [B,1,D/2] is added to what is read; the rest as in `Coupling`."""
        joined = self.query_key_value(self.norm(half) + condition)
        query, key, value = (part.unflatten(-1, (self.num_heads, -1)).transpose(1, 2) for part in joined.chunk(3, -1))
        mixed = scaled_dot_product_attention(rotate(query, positions), rotate(key, positions), value, attn_mask=visible)
        projected: Tensor = self.out(mixed.transpose(1, 2).flatten(-2))
        return projected


class FeedForward(nn.Module):
    """A feed-forward on one half of the state that sees the neighbours of each token: [B,T,D/2] -> [B,T,D/2].

    Between its two layers every channel is filtered along the text, so that letters can learn from the letters beside
    them before attention has learnt where to look; Wu et al. 2021, *CvT* (arXiv:2103.15808), among others.
    """

    def __init__(self, config: BijectiveDiffusionConfig) -> None:
        """Two layers, and between them a filter of `config.kernel_size` tokens and a GELU."""
        super().__init__()
        assert config.intermediate_size is not None
        self.norm = nn.LayerNorm(config.half_size, eps=config.layer_norm_eps)
        self.wide = nn.Linear(config.half_size, config.intermediate_size)
        self.filter = nn.Conv1d(
            config.intermediate_size,
            config.intermediate_size,
            config.kernel_size,
            padding=config.kernel_size // 2,
            groups=config.intermediate_size,
        )
        self.out = nn.Linear(config.intermediate_size, config.half_size)

    def forward(self, half: Tensor, condition: Tensor, visible: Tensor | None) -> Tensor:
        """half [B,T,D/2]; condition [B,1,D/2] is added to what is read; padding reads as zero, as beyond the ends."""
        wide = self.wide(self.norm(half) + condition)
        if visible is not None:
            wide = wide * visible[:, 0, 0, :, None]
        wide = wide + self.filter(wide.transpose(1, 2)).transpose(1, 2)
        projected: Tensor = self.out(gelu(wide))
        return projected


class Coupling(GradientCheckpointingLayer):  # type: ignore[no-untyped-call]
    """A block that can be undone: each half of the state is shifted by a function of the other.

    With halves a and b, `forward` computes a' = a + Attention(b) and b' = b + FeedForward(a'), and `inverse`
    subtracts the same two in the reverse order. Dinh et al. 2015, *NICE* (arXiv:1410.8516), with the two functions of
    Kitaev et al. 2020, *Reformer* (arXiv:2001.04451), section 3.

    Each of the two shifts has a Jacobian that is triangular with ones on its diagonal, whatever the functions in it:
    the block preserves volume, and its log-determinant is 0 exactly (`LOG_DETERMINANT`), which needs no computing.
    There is no dropout: a random shift could not be subtracted again.
    """

    LOG_DETERMINANT = 0.0

    def __init__(self, config: BijectiveDiffusionConfig) -> None:
        """Fresh weights for `config.hidden_size` split in two."""
        super().__init__()
        self.attention = Attention(config)
        self.feed_forward = FeedForward(config)

    def forward(self, hidden: Tensor, condition: Tensor, positions: Tensor, visible: Tensor | None = None) -> Tensor:
        """hidden [B,T,D], condition [B,1,D/2], positions [B,T] or [T] -> hidden [B,T,D].

        `visible`, bool [B,1,1,T], is False at padding.
        """
        first, second = hidden.chunk(2, dim=-1)
        first = first + self.attention(second, condition, positions, visible)
        second = second + self.feed_forward(first, condition, visible)
        return cat((first, second), dim=-1)

    def inverse(self, hidden: Tensor, condition: Tensor, positions: Tensor, visible: Tensor | None = None) -> Tensor:
        """What `forward`, given the same other arguments, made `hidden` of; [B,T,D] -> [B,T,D]."""
        first, second = hidden.chunk(2, dim=-1)
        second = second - self.feed_forward(first, condition, visible)
        first = first - self.attention(second, condition, positions, visible)
        return cat((first, second), dim=-1)

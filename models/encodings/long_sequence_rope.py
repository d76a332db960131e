"""RoPE stretched beyond the length that a model was trained on."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from transformers import LlamaConfig
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

from .rotation import rotary_width, rotate

ROPE_TYPES = ("linear", "dynamic", "yarn", "longrope", "llama3")


class LongSequenceRope(nn.Module):
    """RoPE with context extension beyond `original_max_position_embeddings`, by any of transformers' own recipes.

    `rope_type` is `linear` (Chen et al. 2023, arXiv:2306.15595), `dynamic` (NTK-aware), `yarn` (Peng et al.
    2023, arXiv:2309.00071), `longrope` (Ding et al. 2024, arXiv:2402.13753) or `llama3`; `scaling` adds that
    recipe's own `rope_parameters` (`beta_fast`, `long_factor`, `partial_rotary_factor`, ...). No parameters.

    Frequencies come from transformers' initialisers at each call, in float32 on the device of the positions.
    `dynamic` and `longrope` depend on the length of a row, which is measured per row, so that a longer neighbour
    in the batch changes nothing. Beyond the original length these two leave values in a cache that a run without
    one would compute anew: that is in the nature of the recipes, and why the default is `yarn`.
    """

    def __init__(
        self,
        head_dim: int,
        *,
        rope_type: str = "yarn",
        original_max_position_embeddings: int = 1024,
        factor: float = 4.0,
        theta: float = 10000.0,
        scaling: Mapping[str, Any] | None = None,
    ) -> None:
        """Heads of width `head_dim`; raises `ValueError` for an unknown `rope_type`."""
        super().__init__()
        if rope_type not in ROPE_TYPES:
            raise ValueError(f"rope_type {rope_type!r} is unknown: choose one of {', '.join(ROPE_TYPES)}")
        extra = dict(scaling or {})
        self.width = rotary_width(head_dim, extra.get("partial_rotary_factor", 1.0))
        self.original_length = original_max_position_embeddings
        parameters = {
            "rope_type": rope_type,
            "rope_theta": theta,
            "factor": factor,
            **_own_parameters(rope_type, self.width, self.original_length, factor),
            **extra,
        }
        # `dynamic` alone reads the trained length from max_position_embeddings.
        stretched = self.original_length if rope_type == "dynamic" else int(self.original_length * factor)
        self.rope_type = rope_type
        self.recipe = LlamaConfig(
            hidden_size=head_dim,
            num_attention_heads=1,
            head_dim=head_dim,
            max_position_embeddings=stretched,
            rope_parameters=parameters,
        )

    def frequencies(self, lengths: Tensor) -> tuple[Tensor, float]:
        """lengths [B,1], of each row -> float32 [width/2] or [B,width/2], and the scale of cos and sin."""
        initialise, device = ROPE_INIT_FUNCTIONS[self.rope_type], lengths.device
        # Some initialisers make a range without naming a device and move it: as the default device, ours is where
        # they make it, and nothing crosses from the host at each call.
        with device:
            if self.rope_type == "dynamic":
                return initialise(self.recipe, device, seq_len=lengths)
            usual, scale = initialise(self.recipe, device)
            if self.rope_type != "longrope":
                return usual, scale
            stretched, _ = initialise(self.recipe, device, seq_len=self.original_length + 1)
            return torch.where(lengths > self.original_length, stretched, usual), scale

    def forward(
        self, query: Tensor, key: Tensor, query_positions: Tensor, key_positions: Tensor
    ) -> tuple[Tensor, Tensor]:
        """query [B,H,Tq,Dh], key [B,H,Tk,Dh] and their positions [B,Tq], [B,Tk] -> both, rotated."""
        last = torch.maximum(query_positions.amax(-1, keepdim=True), key_positions.amax(-1, keepdim=True))
        frequencies, scale = self.frequencies(last + 1)
        if frequencies.dim() == 2:
            frequencies = frequencies.unsqueeze(1)
        turned = (
            rotate(states, positions.unsqueeze(-1).float() * frequencies, scale)
            for states, positions in ((query, query_positions), (key, key_positions))
        )
        return next(turned), next(turned)


def _own_parameters(rope_type: str, width: int, original_length: int, factor: float) -> dict[str, Any]:
    trained = {"original_max_position_embeddings": original_length}
    pairs = width // 2
    own: dict[str, dict[str, Any]] = {
        "linear": {},
        "dynamic": {},
        "yarn": trained,
        "longrope": {**trained, "short_factor": [1.0] * pairs, "long_factor": [factor] * pairs},
        "llama3": {**trained, "low_freq_factor": 1.0, "high_freq_factor": 4.0},
    }
    return own[rope_type]

"""Configuration of the bijective diffusion model."""

from typing import Any

from huggingface_hub.dataclasses import strict
from transformers import PreTrainedConfig

from .noise_schedule import SCHEDULES

CORRUPTIONS = ("absorbing", "uniform")


@strict
class BijectiveDiffusionConfig(PreTrainedConfig):  # type: ignore[no-untyped-call]
    """Sizes of the model, and the corruption that it undoes. The defaults make 13.2 million parameters.

    `hidden_size` is the width of a token's state, of which each coupling holds one half still; heads and feed-forward
    work on a half, `intermediate_size` wide inside (4 halves if None), with filters over `kernel_size` tokens. The
    vocabulary is ByT5's 256 bytes after three special tokens, and one mask token. `corruption` is `absorbing` or
    `uniform`, `schedule` a name in `noise_schedule.SCHEDULES`, over `num_timesteps` steps. `pad_token_id` may be None.
    Raises `ValueError` for sizes that do not divide, ids outside the vocabulary and unknown names.
    """

    model_type = "bijective_diffusion"

    vocab_size: int = 260
    hidden_size: int = 768
    num_hidden_layers: int = 7
    num_attention_heads: int = 6
    intermediate_size: int | None = None
    kernel_size: int = 5
    num_timesteps: int = 64
    schedule: str = "linear"
    corruption: str = "absorbing"
    mask_token_id: int = 259
    pad_token_id: int | None = 0
    layer_norm_eps: float = 1e-5
    initializer_range: float = 0.02
    tie_word_embeddings: bool = False

    def __post_init__(self, **kwargs: Any) -> None:
        """Fill in the derived size, and refuse what cannot be built."""
        super().__post_init__(**kwargs)  # type: ignore[no-untyped-call]
        if self.intermediate_size is None:
            self.intermediate_size = 4 * self.half_size
        if self.hidden_size % (4 * self.num_attention_heads):
            raise ValueError(
                f"hidden_size {self.hidden_size} must be a multiple of 4 times num_attention_heads "
                f"{self.num_attention_heads}: the heads share one half of it, and each turns pairs of coordinates"
            )
        if self.num_timesteps < 1:
            raise ValueError(f"num_timesteps is {self.num_timesteps}: give at least 1")
        if self.kernel_size % 2 == 0:
            raise ValueError(f"kernel_size is {self.kernel_size}: give an odd number, so that a filter has a middle")
        for name in ("mask_token_id", "pad_token_id"):
            token = getattr(self, name)
            if token is not None and not 0 <= token < self.vocab_size:
                raise ValueError(f"{name} {token} is outside the vocabulary: give one of 0 to {self.vocab_size - 1}")
        if self.mask_token_id == self.pad_token_id:
            raise ValueError(f"mask_token_id and pad_token_id are both {self.pad_token_id}: give two different ids")
        _require("schedule", self.schedule, SCHEDULES)
        _require("corruption", self.corruption, CORRUPTIONS)

    @property
    def half_size(self) -> int:
        """Width of each half of the state."""
        return self.hidden_size // 2


def _require(field_name: str, value: str, known: Any) -> None:
    if value not in known:
        raise ValueError(f"{field_name} {value!r} is unknown: choose one of {', '.join(known)}")

"""Text: tokens, masks, and what belongs to each token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from .places import places
from .wish import BATCH, LENGTH, Wish, configs

_PLAIN = 64  # tokens above are more often special ones


def tokens(wish: Wish) -> Tensor | None:
    """Consecutive tokens that avoid the special ones where the vocabulary is large enough, and room for an image."""
    size = vocabulary(wish)
    if not size:
        return None
    row = torch.tensor(_plain(wish.config, size))
    plain = row[torch.arange(BATCH * LENGTH) % len(row)].view(BATCH, LENGTH)
    image = places(wish)
    if image is None:
        return plain
    return torch.cat((plain[:, :2], torch.tensor(image.row).expand(BATCH, -1), plain[:, 2:]), dim=1)


def vocabulary(wish: Wish) -> int:
    """The size of the vocabulary; 0 where the model has none."""
    text = wish.config.get_text_config()
    size = getattr(text, "vocab_size", None) or wish.find(
        "vocab_size", "text_vocab_size", "input_vocab_size", "num_hash_buckets"
    )
    return size if isinstance(size, int) else 0


def _plain(config: Any, size: int) -> list[int]:
    special: set[Any] = set()
    for one in configs(config):
        for name, value in vars(one).items():
            if name.endswith(("token_id", "token_index")):
                special |= set(value) if isinstance(value, list | tuple) else {value}
    return [token for token in range(min(size, _PLAIN)) if token not in special] or [0]


def _mask(wish: Wish) -> Tensor | None:
    fed = tokens(wish) if "input_ids" in wish.accepted else None
    return None if fed is None else torch.ones_like(fed)


def _decoder(wish: Wish) -> Tensor | None:
    if not wish.flag("is_encoder_decoder") and "decoder_input_ids" not in wish.required:
        return None
    size = vocabulary(wish)
    return torch.arange(BATCH * LENGTH).view(BATCH, LENGTH) % min(size, _PLAIN) if size else None


def _boxes(wish: Wish) -> Tensor:
    """Boxes (left, top, right, bottom) that grow from token to token."""
    corner = torch.arange(LENGTH)
    return torch.stack((corner, corner, corner + 4, corner + 2), dim=-1).expand(BATCH, LENGTH, 4).clone()


def _kinds(wish: Wish) -> Tensor | None:
    """1 for the tokens of an image, 0 for text."""
    image, fed = places(wish), tokens(wish)
    return None if image is None or fed is None else (fed == image.token).long()


def _embeddings(wish: Wish) -> Tensor | None:
    from .vision import noise

    width = wish.number("hidden_size", "d_model", "n_embd", "hidden_dim", default=0)
    return noise(BATCH, LENGTH, width) if width else None


TEXT: dict[str, Callable[[Wish], Any]] = {
    "input_ids": tokens,
    "attention_mask": _mask,
    "decoder_input_ids": _decoder,
    "bbox": _boxes,
    "mm_token_type_ids": _kinds,
    "inputs_embeds": _embeddings,
    "qformer_input_ids": lambda wish: torch.arange(3, 3 + LENGTH).expand(BATCH, LENGTH).clone(),
}

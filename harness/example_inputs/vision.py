"""Vision: images, videos, and their patches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from .grids import grid
from .places import places
from .wish import BATCH, LENGTH, Wish

_SIDE = 32  # of an image, where nothing says how large one is


def noise(*shape: int) -> Tensor:
    """Numbers from 0 to 1, the same every time."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(0))


def _image(wish: Wish) -> Tensor | None:
    """Random pixels, float32 `[2, channels, height, width]`; for a model of grids, rows of patches."""
    if "input_ids" in wish.accepted and "pixel_values" not in (*wish.required, *wish.main) and _is_blind(wish):
        return None
    if {"image_grid_thw", "grid_thw"} & set(wish.accepted):
        made = grid(wish)
        return noise(BATCH * made.patches, made.width)
    return noise(BATCH, *_frame(wish))


def _is_blind(wish: Wish) -> bool:
    """True where there are tokens and none of them stands for an image, though the model wants one that does."""
    wants = wish.find("image_token_id", "image_token_index", "media_placeholder_token_id") is not None
    return wants and places(wish) is None


def _frame(wish: Wish) -> tuple[int, int, int]:
    eye = wish.part("vision_config", "image_config", "backbone_config", "vision_encoder_config") or wish
    size = eye.find("image_size", "img_size", "input_size", "resolution", "crop_size")
    if isinstance(size, list | tuple):
        height, width = tuple(size)[-2:] if len(size) > 1 else (size[0], size[0])
    else:
        height, width = (size, size) if isinstance(size, int) else (_SIDE, _SIDE)
    return eye.number("num_channels", "in_chans", "in_channels", default=3), height, width


def _video(wish: Wish) -> Tensor:
    """Random frames, float32 `[2, frames, channels, height, width]`."""
    return noise(BATCH, wish.number("num_frames", "frames_per_clip", default=2), *_frame(wish))


def _grids(wish: Wish) -> Tensor:
    return torch.tensor([grid(wish).shape] * BATCH)


def _hidden(wish: Wish) -> Tensor:
    """Patches for a model of grids, else one vector for each token."""
    if {"grid_thw", "image_grid_thw"} & set(wish.accepted):
        made = grid(wish)
        return noise(BATCH * made.patches, made.width)
    return noise(BATCH, LENGTH, wish.number("hidden_size", "d_model", "embed_dim", default=LENGTH))


VISION: dict[str, Callable[[Wish], Any]] = {
    "pixel_values": _image,
    "image": _image,
    "pixel_values_videos": _video,
    "image_grid_thw": lambda wish: _grids(wish) if _image(wish) is not None else None,
    "grid_thw": _grids,
    "hidden_states": _hidden,
}

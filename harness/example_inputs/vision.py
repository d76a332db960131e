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


_SIDES = 4  # patches along a side, where an image is a row of them

# What is wanted with an image by models that also do without one.
_BEYOND = {"aspect_ratio_ids", "high_res_pixel_values", "image_embeds_position_mask", "target_sizes", "image_num_crops"}


def noise(*shape: int) -> Tensor:
    """Numbers from 0 to 1, the same every time."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(0))


def _image(wish: Wish) -> Tensor | None:
    """Random pixels, float32 `[2, channels, height, width]`; patches, frames or pairs of images where those are read.

    None where text alone will do and the image could not be placed in it.
    """
    if "input_ids" in wish.accepted and "pixel_values" not in wish.required and _is_blind(wish):
        return None
    if {"image_grid_thw", "grid_thw"} & set(wish.accepted):
        made = grid(wish)
        return noise(BATCH * made.patches, made.width)
    frame = _frame(wish)
    if "spatial_shapes" in wish.accepted:
        side = wish.part("vision_config") or wish
        return noise(BATCH, _SIDES**2, frame[0] * side.number("patch_size", default=16) ** 2)
    if "pixel_attention_mask" in wish.accepted:
        return noise(BATCH, 1, *frame)
    if wish.find("keypoint_detector_config") is not None:
        return noise(BATCH, 2, *frame)
    if wish.find("num_frames") and "pixel_values_videos" not in wish.accepted:
        return noise(BATCH, wish.number("num_frames", default=2), *frame)
    return noise(BATCH, *frame)


def _is_blind(wish: Wish) -> bool:
    """True where the text has no place for an image that needs one, or more is wanted with it than we can make."""
    if set(wish.accepted) & _BEYOND or wish.find("image_grid_pinpoints") is not None:
        return True
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


def _seen(wish: Wish) -> Tensor | None:
    """A mask that hides nothing."""
    if "spatial_shapes" in wish.accepted:
        return torch.ones(BATCH, _SIDES**2, dtype=torch.long)
    return None if _image(wish) is None else torch.ones(BATCH, 1, *_frame(wish)[1:], dtype=torch.long)


def _sizes(wish: Wish) -> Tensor | None:
    """Height and width of each image, for an eye that takes images of any size."""
    eye = wish.part("vision_config")
    if eye is None or getattr(eye.config, "model_type", "") != "pixtral" or _image(wish) is None:
        return None
    return torch.tensor([_frame(wish)[1:]] * BATCH)


def _flattened(wish: Wish) -> Tensor:
    """Patches as rows: their row and column, from 1, then their pixels."""
    cells = torch.cartesian_prod(torch.arange(1, 3), torch.arange(1, 3)).float().expand(BATCH, -1, -1)
    eye = wish.part("vision_config") or wish
    width = eye.number("num_channels", default=3) * eye.number("patch_size", default=16) ** 2
    return torch.cat((cells, noise(BATCH, 4, width)), dim=-1)


VISION: dict[str, Callable[[Wish], Any]] = {
    "pixel_values": _image,
    "image": _image,
    "pixel_values_videos": _video,
    "image_sizes": _sizes,
    "spatial_shapes": lambda wish: torch.tensor([[_SIDES, _SIDES]] * BATCH),
    "pixel_attention_mask": _seen,
    "flattened_patches": _flattened,
    "visual_feats": lambda wish: noise(BATCH, 4, wish.number("visual_feat_dim", default=64)),
    "visual_pos": lambda wish: noise(BATCH, 4, wish.number("visual_pos_dim", default=4)),
    "image_grid_thw": lambda wish: _grids(wish) if _image(wish) is not None else None,
    "grid_thw": _grids,
    "hidden_states": _hidden,
}

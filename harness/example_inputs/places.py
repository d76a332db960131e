"""Places: where a model that reads text and sees wants the tokens of an image in its text."""

from __future__ import annotations

from dataclasses import dataclass

from .grids import grid
from .wish import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """`row` is what stands for one image in the text: `count` times `token`, between its marks if it has some."""

    token: int
    count: int
    row: tuple[int, ...]


def places(wish: Wish) -> Places | None:
    """The places of one image; None where the model sees nothing, or nothing says how many tokens an image takes."""
    if not {"input_ids", "pixel_values"} <= set(wish.accepted):
        return None
    token = wish.find("image_token_id", "image_token_index", "media_placeholder_token_id", "im_patch_id")
    count = _count(wish)
    if not isinstance(token, int) or not count:
        return None
    start = wish.find("vision_start_token_id", "image_start_token_id", "boi_token_id", "boi_token_index")
    end = wish.find("vision_end_token_id", "image_end_token_id", "eoi_token_id", "eoi_token_index")
    marks = isinstance(start, int) and isinstance(end, int)
    row = (token,) * count
    return Places(token=token, count=count, row=(start, *row, end) if marks else row)


def _count(wish: Wish) -> int | None:
    """How many tokens an image takes."""
    if "image_grid_thw" in wish.accepted:
        return grid(wish).merged
    eye = wish.part("vision_config", "vision_encoder_config", "encoder_config")
    if eye is None:
        return None
    fixed = wish.find("mm_tokens_per_image", "num_query_tokens", "resampler_n_latents")
    if isinstance(fixed, int):
        return fixed
    size, patch = eye.number("image_size", default=0), eye.number("patch_size", default=0)
    if not size or not patch:
        return None
    return _reduced((size // patch) ** 2, wish)


def _reduced(patches: int, wish: Wish) -> int:
    factor = wish.number(
        "scale_factor", "spatial_merge_size", "downsample_factor", "merge_size", "pixel_shuffle_factor", default=1
    )
    ratio = wish.find("downsample_ratio", "pixel_shuffle_ratio")
    patches //= factor**2
    return int(patches * ratio**2) if isinstance(ratio, float) else patches

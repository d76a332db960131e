"""Grids: images as rows of patches, with a grid (time, height, width) that says how they lie."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from .wish import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """`shape` in patches, of which `merge` x `merge` become one token; each patch is a row of `width` numbers."""

    shape: tuple[int, int, int]
    merge: int
    width: int

    @property
    def patches(self) -> int:
        """How many patches there are."""
        return prod(self.shape)

    @property
    def merged(self) -> int:
        """How many tokens they become."""
        return self.patches // self.merge**2


def grid(wish: Wish) -> Grid:
    """The grid of one small image."""
    eye = wish.part("vision_config") or wish
    merge = eye.number(
        "spatial_merge_size", "merge_size", "merge_kernel_size", default=wish.number("spatial_merge_size", default=2)
    )
    patch = eye.number("patch_size", "spatial_patch_size", default=14)
    channels = eye.number("in_channels", "in_chans", "num_channels", default=3)
    times = eye.number("temporal_patch_size", default=1)
    return Grid(shape=(1, 2 * merge, 2 * merge), merge=merge, width=channels * times * patch * patch)

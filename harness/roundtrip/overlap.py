"""Overlap: which tensors of one storage hold the same bytes, and which lie side by side in it."""

from __future__ import annotations

import torch
from torch import Tensor


def meeting(tensors: dict[str, Tensor]) -> list[set[str]]:
    """Groups of two or more names whose tensors, all in one storage, share bytes, directly or by way of others.

    The thirds of a fused weight do not: a write to one leaves the others as they are.
    """
    groups: list[tuple[Tensor, set[str]]] = []
    for name, tensor in tensors.items():
        mask = _bytes(tensor)
        met = [group for group in groups if bool((group[0] & mask).any())]
        groups = [group for group in groups if not any(group is one for one in met)]
        names = {name}
        for other, theirs in met:
            mask, names = mask | other, names | theirs
        groups.append((mask, names))
    return [names for _, names in groups if len(names) > 1]


def _bytes(tensor: Tensor) -> Tensor:
    """The bytes of its storage that a tensor reads, as a mask."""
    mask = torch.zeros(tensor.untyped_storage().nbytes(), dtype=torch.bool)
    if tensor.layout is not torch.strided:
        return ~mask
    width = tensor.element_size()
    strides = (*(stride * width for stride in tensor.stride()), 1)
    mask.as_strided((*tensor.shape, width), strides, tensor.storage_offset() * width).fill_(True)
    return mask

"""Grouping: optimizers sort their tensors by device and dtype in C++, which sees one device. This sees the labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from ..moves import device_of
from ..session import Session

Replacement = tuple[Any, str, Any]
Lists = list[list[Tensor | None]]
Groups = dict[tuple[torch.device, torch.dtype], tuple[Lists, list[int]]]


def replacements(session: Session) -> Iterator[Replacement]:
    """The one C function behind `foreach` and `fused` optimizers and `clip_grad_norm_`."""

    def group(lists: Lists, with_indices: bool = False) -> Groups:
        places: dict[tuple[torch.device, torch.dtype], list[int]] = {}
        with torch._C.DisableTorchFunction():
            for i, tensor in enumerate(lists[0]):
                if tensor is None:
                    raise RuntimeError("Tensors of the first list of nested Tensor lists are supposed to be defined")
                places.setdefault((device_of(session, tensor) or tensor.device, tensor.dtype), []).append(i)
        return {
            key: ([[each[i] for i in chosen] if each else [] for each in lists], chosen if with_indices else [])
            for key, chosen in places.items()
        }

    yield torch._C, "_group_tensors_by_device_and_dtype", group

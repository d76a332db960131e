"""Precision: float32 that is float32 on CUDA too, where convolutions round to 19 bits (TF32) by default."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch


@contextmanager
def whole_float32() -> Iterator[None]:
    """No TF32 in convolutions, recurrent layers and matrix products; as it was afterwards.

    It is PyTorch's choice and no defect of a model, and a hundred times coarser than what is compared.
    """
    backends: Any = torch.backends  # whose modules are made when they are first looked at
    places = (backends.cudnn.conv, backends.cudnn.rnn, backends.cuda.matmul)
    before = [place.fp32_precision for place in places]
    for place in places:
        place.fp32_precision = "ieee"
    try:
        yield
    finally:
        for place, precision in zip(places, before, strict=True):
            place.fp32_precision = precision

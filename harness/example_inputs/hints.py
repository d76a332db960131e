"""Hints: what the layers of a plain module say about what it may be fed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import nn

from .specimen import Specimen

_STEPS, _ROWS = 8, 2

# Sides of images: what a flattened convolution leads to must fit the linear layer behind it.
_SIDES = (32, 28, 64, 224)

# Where no layer says anything: rows, steps, an image, tokens.
_COMMON = (
    Specimen(shape=(_ROWS, _STEPS)),
    Specimen(shape=(_ROWS, _STEPS, 16)),
    Specimen(shape=(_ROWS, 3, 32, 32)),
    Specimen(shape=(_ROWS, _STEPS), below=2),
    Specimen(shape=(_ROWS,)),
)


def hints(model: nn.Module) -> list[Specimen]:
    """What each layer takes, the first layer's first, then what is common."""
    found = [specimen for module in model.modules() for specimen in _of(module)]
    return list(dict.fromkeys((*found, *_COMMON)))


def numbers(model: nn.Module) -> list[int]:
    """The sizes that may come up in a shape: those of the layers and the parameters, and some small ones."""
    found = [size for specimen in hints(model) for size in specimen.shape]
    found += [size for parameter in model.parameters() for size in parameter.shape]
    return [size for size in dict.fromkeys((_ROWS, 1, _STEPS, *found, 4, 16, 32)) if 0 < size <= 4096]


def _of(module: nn.Module) -> Iterator[Specimen]:
    match module:
        case nn.Embedding() | nn.EmbeddingBag():
            yield Specimen(shape=(_ROWS, _STEPS), below=module.num_embeddings)
            yield Specimen(shape=(_STEPS,), below=module.num_embeddings)
        case nn.Linear():
            yield from _rows(module.in_features)
        case nn.Bilinear():
            yield from _rows(module.in1_features)
            yield from _rows(module.in2_features)
        case nn.RNNBase():
            yield from _rows(module.input_size)
        case nn.MultiheadAttention():
            yield Specimen(shape=(_ROWS, _STEPS, module.embed_dim))
        case nn.LayerNorm():
            yield Specimen(shape=(_ROWS, *module.normalized_shape))
            yield Specimen(shape=(_ROWS, _STEPS, *module.normalized_shape))
        case _:
            yield from _by_axes(module)


def _rows(width: int) -> Iterator[Specimen]:
    yield Specimen(shape=(_ROWS, width))
    yield Specimen(shape=(_ROWS, _STEPS, width))


def _by_axes(module: Any) -> Iterator[Specimen]:
    """Convolutions and normalisations by the axes that their names count."""
    name = type(module).__name__
    channels = getattr(module, "in_channels", None) or getattr(module, "num_features", None)
    if isinstance(channels, int) and name[-2:] in ("1d", "2d", "3d") and channels:
        axes = int(name[-2])
        if "Norm" in name and axes == 1:
            yield Specimen(shape=(_ROWS, channels))
        sides = _SIDES if axes < 3 else (_STEPS, 2 * _STEPS)
        yield from (Specimen(shape=(_ROWS, channels, *([side] * axes))) for side in sides)

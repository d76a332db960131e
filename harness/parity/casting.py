"""Casting: a model and its inputs in another dtype, as a user casts them, and what a cast must not touch."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

# A model of more numbers than this is not copied into float64, which takes eight bytes for each.
_MOST_IN_FLOAT64 = 250_000_000

# By name: transformers keeps these in float32 when it loads a model in half precision.
_KEPT = ("_keep_in_fp32_modules", "_keep_in_fp32_modules_strict")


def cast(model: nn.Module, dtype: torch.dtype) -> None:
    """`model.to(dtype)`, with float32 for the modules that the class wants kept so in half precision.

    Raises `ValueError` for a model that is too large for float64.
    """
    size = sum(tensor.numel() for tensor in model.parameters())
    if dtype is torch.float64 and size > _MOST_IN_FLOAT64:
        raise ValueError(f"too large for float64: {size:,} numbers, asked are at most {_MOST_IN_FLOAT64:,}")
    model.to(dtype)
    if dtype in (torch.float16, torch.bfloat16):
        for name, module in model.named_modules():
            if any(word in name.split(".") for word in kept(model)):
                module.float()


def kept(model: nn.Module) -> frozenset[str]:
    """The names of modules that the class asks to keep in float32."""
    return frozenset(word for field in _KEPT for word in getattr(model, field, None) or ())


def feed(value: Any, dtype: torch.dtype) -> Any:
    """Inputs with every floating tensor cast: through dicts, lists, tuples and dataclasses."""
    if isinstance(value, Tensor):
        return value.to(dtype) if value.is_floating_point() else value
    if isinstance(value, dict):
        return {key: feed(item, dtype) for key, item in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(feed(item, dtype) for item in value))
    if isinstance(value, list | tuple):
        return type(value)(feed(item, dtype) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: feed(getattr(value, f.name), dtype) for f in fields(value) if f.init})
    return value


def registered(model: nn.Module) -> dict[str, Tensor]:
    """Parameters and buffers by name."""
    return {**dict(model.named_parameters()), **dict(model.named_buffers())}


def can_be_cast(model: nn.Module) -> bool:
    """Whether there is anything to cast: a floating parameter or buffer."""
    return any(t.is_floating_point() for t in registered(model).values())

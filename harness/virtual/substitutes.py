"""Substitutes: operators that the device has and the CPU lacks.

A substitute is tried only after the CPU kernel has refused, so it never changes a value that the CPU could compute.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from .labels import CPU


def _histc(input: torch.Tensor, bins: int = 100, min: float = 0, max: float = 0) -> torch.Tensor:
    """`histc` of integers, which CUDA has. Exact below 2**53, where float64 holds every integer."""
    counts: torch.Tensor = torch.ops.aten.histc.default(input.to(torch.float64), bins, min, max)
    return counts.to(input.dtype)


SUBSTITUTES: dict[Any, Callable[..., Any]] = {torch.ops.aten.histc.default: _histc}


def run(func: Any, device: torch.device | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run an operator, through its substitute where the CPU has no kernel for what the device can do."""
    substitute = SUBSTITUTES.get(func)
    if substitute is None or device is None or device is CPU:
        return func(*args, **kwargs)
    try:
        return func(*args, **kwargs)
    except NotImplementedError:
        return substitute(*args, **kwargs)

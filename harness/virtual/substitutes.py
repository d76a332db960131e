"""Substitutes: operators that the device has and the CPU lacks.

A substitute is tried only after the CPU kernel has refused, so it never changes a value that the CPU could compute.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves, tree_map_only

from .labels import CPU, UNBORN
from .rules import Rule


def _histc(input: torch.Tensor, bins: int = 100, min: float = 0, max: float = 0) -> torch.Tensor:
    """`histc` of integers, which CUDA has. Exact below 2**53, where float64 holds every integer."""
    counts: torch.Tensor = torch.ops.aten.histc.default(input.to(torch.float64), bins, min, max)
    return counts.to(input.dtype)


def _wider(product: Callable[..., Any]) -> Callable[..., Any]:
    """A product with `out_dtype`, which only CUDA has: it adds up in that dtype and does not round to the operands'."""

    def widened(*args: Any, **scalars: Any) -> Any:
        *operands, dtype = args
        return product(*(operand.to(dtype) for operand in operands), **scalars)

    return widened


_ATEN = torch.ops.aten
SUBSTITUTES: dict[Any, Callable[..., Any]] = {
    _ATEN.histc.default: _histc,
    _ATEN.mm.dtype: _wider(_ATEN.mm.default),
    _ATEN.bmm.dtype: _wider(_ATEN.bmm.default),
    _ATEN.addmm.dtype: _wider(_ATEN.addmm.default),
    _ATEN.baddbmm.dtype: _wider(_ATEN.baddbmm.default),
}


# What a CPU kernel says that lacks half precision.
_HALF_GAP = re.compile(r"not implemented for '(Half|BFloat16)'")
_HALVES = (torch.float16, torch.bfloat16)


def instead(
    func: Any, rule: Rule, device: torch.device | None, args: tuple[Any, ...], kwargs: Any, refusal: NotImplementedError
) -> Any:
    """What the device computes where the CPU kernel refused; raises the refusal where that is nothing known.

    In half precision the device's kernels compute in float32 and round at the end, and so does this.
    """
    if device is None or device is CPU or device is UNBORN:
        raise refusal
    substitute = SUBSTITUTES.get(func)
    if substitute is not None:
        return substitute(*args, **kwargs)
    if rule.writes or not _HALF_GAP.search(str(refusal)):
        raise refusal
    half = next(t.dtype for t in tree_leaves((args, kwargs)) if isinstance(t, Tensor) and t.dtype in _HALVES)
    args, kwargs = tree_map_only(Tensor, lambda t: t.float() if t.dtype in _HALVES else t, (args, kwargs))
    return tree_map_only(Tensor, lambda t: t.to(half) if t.dtype is torch.float32 else t, func(*args, **kwargs))

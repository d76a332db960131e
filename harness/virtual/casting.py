"""Casting: the types that `torch.autocast` gives to operations on a device, which differ from those on the CPU.

Underneath, everything is on the CPU, whose own autocast stays on for what C++ functions call inside. What a program
calls itself is cast here, by CUDA's lists (`ATen/autocast_mode.h`), and then run with the CPU's autocast off; what has
no operand on the device is not cast at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from typing import Any

import torch
from torch import Tensor

from . import rules
from .moves import device_of
from .operands import ambient
from .session import Session

# What autocast leaves alone or never makes.
_CASTABLE = (torch.float32, torch.float16, torch.bfloat16)
# `autocast_mode.cpp`: the operators that CUDA's autocast refuses.
_UNSAFE = "torch.nn.functional.binary_cross_entropy and torch.nn.BCELoss are unsafe to autocast."
# What the CPU's autocast computes in float32 and CUDA's does not touch.
_HOST_FLOAT32 = (
    *("adaptive_avg_pool3d", "avg_pool3d", "max_pool3d", "max_unpool2d", "max_unpool3d", "reflection_pad1d"),
    *("reflection_pad2d", "replication_pad1d", "replication_pad2d", "replication_pad3d", "polar", "quantile"),
    *("nanquantile", "stft", "trace", "view_as_complex", "cholesky", "inverse", "pinverse", "max_pool3d_with_indices"),
    *("cat", "stack"),  # which it brings to the widest type, and CUDA's leaves to the operator itself
)
# The kinds whose lists these are.
KINDS = ("cuda", "xpu")


class Policy(StrEnum):
    """To what the operands are cast: the autocast dtype, float32, float32 by `dtype=`, the widest of them, nothing."""

    LOWER = "lower"
    FLOAT32 = "float32"
    FLOAT32_DTYPE = "float32_dtype"
    WIDEST = "widest"
    NOTHING = "nothing"


def is_on(session: Session) -> bool:
    """True where the program is inside an autocast of the session's devices."""
    return session.casting > 0 and session.kind in KINDS and torch.is_autocast_enabled(session.kind)


def call(session: Session, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a function of PyTorch as the device's autocast would. Raises `RuntimeError` for what it refuses."""
    device = ambient((args, kwargs))
    if device is None:
        return func(*args, **kwargs)
    if device.type != session.kind:
        with _uncast():
            return func(*args, **kwargs)
    if func is torch._C._nn.binary_cross_entropy:
        raise RuntimeError(_UNSAFE)
    policy = _policies().get(func)
    if policy is None:
        return func(*args, **kwargs)
    with _uncast():
        if policy is Policy.NOTHING:
            return func(*args, **kwargs)
        if policy is Policy.FLOAT32_DTYPE:
            kwargs = _asking_for_float32(session, args, kwargs)
        else:
            to = _target(session, policy, (*args, *kwargs.values()))
            args = tuple(_cast(session, value, to) for value in args)
            kwargs = {name: _cast(session, value, to) for name, value in kwargs.items()}
        return func(*args, **kwargs)


@contextmanager
def _uncast() -> Iterator[None]:
    before = torch.is_autocast_enabled("cpu")
    torch.set_autocast_enabled("cpu", False)
    try:
        yield
    finally:
        torch.set_autocast_enabled("cpu", before)


def _target(session: Session, policy: Policy, values: tuple[Any, ...]) -> torch.dtype:
    if policy is Policy.LOWER:
        return torch.get_autocast_dtype(session.kind)
    if policy is Policy.FLOAT32:
        return torch.float32
    found = {v.dtype for v in values if _is_eligible(session, v)}
    if found - {torch.float32, torch.get_autocast_dtype(session.kind)}:
        raise RuntimeError("Unexpected floating ScalarType in at::autocast::prioritize")
    return next(iter(found)) if len(found) == 1 else torch.float32


def _asking_for_float32(session: Session, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    first = args[0] if args else kwargs.get("input")
    is_asked = kwargs.get("dtype") is not None or any(isinstance(value, torch.dtype) for value in args)
    if is_asked or not _is_eligible(session, first):
        return kwargs
    return {**kwargs, "dtype": torch.float32}


def _is_eligible(session: Session, value: Any) -> bool:
    if not isinstance(value, Tensor) or value.dtype not in _CASTABLE:
        return False
    place = device_of(session, value)
    return place is not None and place.type == session.kind


def _cast(session: Session, value: Any, to: torch.dtype) -> Any:
    if isinstance(value, (list, tuple)) and any(isinstance(item, Tensor) for item in value):
        return type(value)(_cast(session, item, to) for item in value)
    return value.to(to) if _is_eligible(session, value) else value


@cache
def _policies() -> dict[Any, Policy]:
    """The policy of every function by which Python reaches a listed operator."""
    found: dict[Any, Policy] = {}
    for policy in Policy:
        for name in _HOST_FLOAT32 if policy is Policy.NOTHING else rules.autocast(policy):
            for owner, word in _spellings(name):
                if hasattr(owner, word):
                    found[getattr(owner, word)] = policy
    return found


def _spellings(name: str) -> Iterator[tuple[Any, str]]:
    for owner in (torch, torch._C._VariableFunctions, torch._C._nn, Tensor):
        yield owner, name
    if name.startswith("linalg_"):
        yield torch._C._linalg, name  # type: ignore[attr-defined]
        yield torch.linalg, name.removeprefix("linalg_")
    for word in _OPERATORS.get(name, ()):
        yield Tensor, word


_OPERATORS = {
    "matmul": ("__matmul__", "__rmatmul__"),
    "pow": ("__pow__", "__rpow__", "__ipow__"),
    "linalg_vector_norm": ("norm",),  # in Python, and run with the modes off
}

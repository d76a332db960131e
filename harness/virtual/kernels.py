"""Kernels: what a device has no implementation of, or none for integers or half precision."""

from __future__ import annotations

import os
from typing import Any

import torch
from torch import Tensor

from .operands import ambient, tensors_in
from .refusal import refuse
from .rules import HALVES, INTEGERS, Rule
from .session import Session


def check_kernel(session: Session, rule: Rule, op: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Refuse an operator without a kernel for the device of its tensors, wherever the others are."""
    device = ambient((args, kwargs))
    if device is None or device.type not in rule.missing:
        return
    # PyTorch itself sends to the CPU then.
    if device.type == "mps" and os.environ.get("PYTORCH_ENABLE_MPS_FALLBACK", "0") == "1":
        return
    words = _mps_words(op) if device.type == "mps" else _words(op, _backend(args, device))
    refuse(session, NotImplementedError, words, code="SD205", op=op, culprit=None, expected=device)


def check_type(session: Session, rule: Rule, op: str, device: torch.device, args: tuple[Any, ...]) -> None:
    """Refuse a type that CUDA does not compute in, as `x @ y` of token counts."""
    tensors = [t for value in args for _, t in tensors_in(value)]
    if device.type != "cuda" or not tensors:
        return
    if rule.floats_only and any(t.numel() == 0 for t in tensors):
        return  # no kernel is launched for nothing
    if tensors[0].dtype not in rule.refused:
        return
    kernel, name = rule.floats_only or rule.without_half, (INTEGERS | HALVES)[tensors[0].dtype]
    error: type[Exception] = NotImplementedError
    words = f"\"{kernel}\" not implemented for '{name}'"
    if kernel == "cudnn":
        error, words = RuntimeError, f"getCudnnDataTypeFromScalarType() not supported for {name}"
    refuse(session, error, words, code="SD204", op=op, culprit=tensors[0], expected=device)


def _backend(args: tuple[Any, ...], device: torch.device) -> str:
    first = next((t for value in args for _, t in tensors_in(value)), None)
    is_compressed = isinstance(first, Tensor) and first.layout in (torch.sparse_csr, torch.sparse_csc)
    return f"{'SparseCsr' if is_compressed else ''}{device.type.upper()}"


def _words(op: str, backend: str) -> str:
    return (
        f"Could not run '{op}' with arguments from the '{backend}' backend. This could be because the operator doesn't "
        "exist for this backend, or was omitted during the selective/custom build process (if using custom build). If "
        "you are a Facebook employee using PyTorch on mobile, please visit https://fburl.com/ptmfixes for possible "
        f"resolutions. '{op}' is only available for other backends."
    )


def _mps_words(op: str) -> str:
    return (
        f"The operator '{op}' is not currently implemented for the MPS device. If you want this op to be considered "
        "for addition please comment on https://github.com/pytorch/pytorch/issues/141287 and mention use-case, that "
        "resulted in missing op as well as commit hash. As a temporary fix, you can set the environment variable "
        "`PYTORCH_ENABLE_MPS_FALLBACK=1` to use the CPU as a fallback for this op. WARNING: this will be slower than "
        "running natively on MPS."
    )

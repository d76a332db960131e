"""The verdict on an operator whose tensors are on several devices: the culprit and PyTorch's words, or None."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from .labels import CPU
from .operands import Operand
from .rules import Kind, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What PyTorch would raise: `error` in its own words, the operands to blame, and where those should be."""

    error: str
    culprits: tuple[Operand, ...]
    expected: torch.device


def verdict(rule: Rule, placed: list[Operand], home: torch.device | None) -> Refusal | None:
    """Judge one call. `placed` are the operands whose device is known."""
    if rule.kind in (Kind.CROSS, Kind.FREE) or (rule.skips_empty and any(o.tensor.numel() == 0 for o in placed)):
        return None
    if rule.kind is Kind.INDEX:
        return _index(rule, placed, home)
    if rule.kind is Kind.FOREACH:
        return _foreach(rule, placed, home)
    misplaced = next((o for o in placed if o.name in rule.host_only and o.device is not CPU), None)
    if misplaced is not None:
        return Refusal(error=_host_words(misplaced), culprits=(misplaced,), expected=CPU)
    bound = [o for o in placed if o.name not in rule.host_arguments]
    if rule.kind is Kind.SCALAR:
        return _iterator(rule, bound, home)
    return _exact(rule, bound, home)


def expected_device(placed: list[Operand], home: torch.device | None) -> torch.device:
    """Where the tensors should have met: the device under test if one of them is there, else the first accelerator."""
    devices = [o.device for o in placed if o.device is not None]
    if home is not None and any(d is home for d in devices):
        return home
    return next((d for d in devices if d is not CPU), CPU)


def _blame(placed: list[Operand], home: torch.device | None) -> tuple[tuple[Operand, ...], torch.device]:
    expected = expected_device(placed, home)
    return tuple(o for o in placed if o.device is not expected), expected


def _exact(rule: Rule, bound: list[Operand], home: torch.device | None) -> Refusal | None:
    first = bound[0] if bound else None
    other = next((o for o in bound if first is not None and o.device is not first.device), None)
    if first is None or other is None:
        return None
    culprits, expected = _blame(bound, home)
    return Refusal(error=_exact_words(rule, first, other, bound), culprits=culprits, expected=expected)


def _host_words(operand: Operand) -> str:
    dtype = {torch.int64: "Long", torch.int32: "Int"}.get(operand.tensor.dtype, "Float")
    shape = f"{operand.tensor.dim()}D {operand.device} {dtype} tensor"
    return f"'{operand.name}' argument should be a 1D CPU int64 tensor, but got {shape}"


def _exact_words(rule: Rule, first: Operand, other: Operand, bound: list[Operand]) -> str:
    if expected_device(bound, None).type == "mps":
        return "Placeholder storage has not been allocated on MPS device!"
    if rule.method.endswith("__convolution"):
        weight = next((o for o in bound if o.name == "weight"), other)
        return (
            f"Input type ({_type_name(first)}) and weight type ({_type_name(weight)}) should be the same"
            if weight.device is not first.device
            else f"Input type ({_type_name(first)}) and bias type ({_type_name(other)}) should be the same"
        )
    return (
        f"Expected all tensors to be on the same device, but got {other.name} is on {other.device}, different from "
        f"other tensors on {first.device} (when checking argument in method {rule.method})"
    )


def _type_name(operand: Operand) -> str:
    name = {"torch.float32": "Float", "torch.float16": "Half", "torch.bfloat16": "BFloat16"}.get(
        str(operand.tensor.dtype), "Double"
    )
    space = "" if operand.device is None or operand.device.type == "cpu" else f"{operand.device.type}."
    return f"torch.{space}{name}Tensor"


def _iterator(rule: Rule, bound: list[Operand], home: torch.device | None) -> Refusal | None:
    """TensorIterator: one CPU 0-dim tensor may join, but is never written to."""
    rigid = [o for o in bound if not _is_scalar(rule, o)]
    first = next(iter(rigid), None)
    other = next((o for o in rigid if first is not None and o.device is not first.device), None)
    if first is None or other is None:
        return _crowd(rule, bound, rigid)
    culprits, expected = _blame(rigid, home)
    words = f"Expected all tensors to be on the same device, but found at least two devices, {_pair(first, other)}!"
    return Refusal(error=words, culprits=culprits, expected=expected)


def _is_scalar(rule: Rule, operand: Operand) -> bool:
    if operand.device is not CPU or operand.tensor.dim() > 0 or operand.name in rule.writes:
        return False
    return rule.scalars is None or operand.name in rule.scalars


def _crowd(rule: Rule, bound: list[Operand], rigid: list[Operand]) -> Refusal | None:
    """A kernel that writes to a device tensor takes one CPU scalar at most."""
    target = next((o for o in rigid if o.name in rule.writes and o.device is not CPU), None)
    scalars = [o for o in bound if _is_scalar(rule, o)]
    if target is None or target.device is None or len(scalars) < 2:
        return None
    words = "Trying to pass too many CPU scalars to non-CPU kernel!"
    return Refusal(error=words, culprits=(scalars[1],), expected=target.device)


def _pair(first: Operand, other: Operand) -> str:
    """Accelerator first, as TensorIterator prints them."""
    pair = sorted((first, other), key=lambda o: o.device is CPU)
    return f"{pair[0].device} and {pair[1].device}"


def _foreach(rule: Rule, placed: list[Operand], home: torch.device | None) -> Refusal | None:
    if rule.method.endswith("__foreach_copy_"):
        return None
    for place in sorted({o.position for o in placed}):
        refusal = _iterator(rule, [o for o in placed if o.position == place], home)
        if refusal is not None:
            return refusal
    return None


def _index(rule: Rule, placed: list[Operand], home: torch.device | None) -> Refusal | None:
    """Indexing: a read wants its indices on the CPU or beside the tensor; a write takes them from anywhere.

    A 0-dim value is written wherever it is.
    """
    itself = next((o for o in placed if o.name == "self"), None)
    if itself is None:
        return None
    is_write = "put" in rule.method
    for other in placed:
        if other.device is itself.device or _may_index(other, is_write):
            continue
        culprits, expected = _blame([itself, other], home)
        return Refusal(error=_index_words(itself, other), culprits=culprits, expected=expected)
    return None


def _may_index(operand: Operand, is_write: bool) -> bool:
    if operand.name == "indices":
        return is_write or operand.device is CPU
    return operand.name != "mask" and operand.tensor.dim() == 0


def _index_words(itself: Operand, other: Operand) -> str:
    if other.name == "indices":
        return f"indices should be either on cpu or on the same device as the indexed tensor ({itself.device})"
    if other.name == "mask":
        return (
            "expected self and mask to be on the same device, but got mask on "
            f"{other.device} and self on {itself.device}"
        )
    pair = _pair(itself, other)
    return f"Expected all tensors to be on the same device, but found at least two devices, {pair}!"

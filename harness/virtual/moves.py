"""Moves: `.to()`, `.cpu()`, `.cuda()` and friends. A move is a copy with another label, differentiable both ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.parameter import UninitializedTensorMixin  # type: ignore[attr-defined]

from . import labels
from .birth import known, made
from .labels import CPU, UNBORN
from .refusal import refuse
from .session import Running, Session
from .transfers import note

# What MPS has no type for, and what PyTorch says then.
MPS_WITHOUT = {torch.float64: "float64", torch.complex128: "ComplexDouble"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The arguments of one `.to()` call, sorted out."""

    device: Any = None
    dtype: torch.dtype | None = None
    copy: bool = False
    memory_format: torch.memory_format = torch.preserve_format


def device_of(session: Session, tensor: Tensor) -> torch.device | None:
    """The virtual device of a tensor; None for a tensor of another backend (meta, a real accelerator)."""
    if tensor.is_meta or not tensor.is_cpu:
        return None
    label = labels.get(tensor)
    if label is None:
        return CPU
    device = label.ambient if label.device is UNBORN else label.device
    return device if device is CPU or session.owns(device.type) else CPU


def wanted(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Wanted:
    """Sort out `.to(device, dtype, non_blocking, copy)`, `.to(dtype, ...)` and `.to(other, ...)`."""
    names: tuple[str, ...] = ("device", "dtype", "non_blocking", "copy")
    if args and isinstance(args[0], torch.dtype):
        names = ("dtype", "non_blocking", "copy")
    elif args and isinstance(args[0], Tensor):
        names = ("other", "non_blocking", "copy")
    given = {**dict(zip(names, args, strict=False)), **kwargs}
    other = given.get("other")
    return Wanted(
        device=other if isinstance(other, Tensor) else given.get("device"),
        dtype=other.dtype if isinstance(other, Tensor) else given.get("dtype"),
        copy=bool(given.get("copy", False)),
        memory_format=given.get("memory_format") or torch.preserve_format,
    )


def to(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor.to(...)`."""
    if isinstance(args[0], UninitializedTensorMixin):  # a lazy module's parameter answers nothing before its first call
        with torch._C.DisableTorchFunctionSubclass():
            return _to(session, func, args, kwargs)
    return _to(session, func, args, kwargs)


def _to(session: Session, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    tensor, want = args[0], wanted(args[1:], kwargs)
    target = want.device
    if isinstance(target, Tensor):
        target = device_of(session, target)
    elif target is not None:
        target = session.resolve(target)
    source = device_of(session, tensor)
    if source is None or target is None or not _ours(session, target):
        return _native(session, tensor, func, args, kwargs)
    dtype = want.dtype or tensor.dtype
    check_dtype(session, target, dtype, tensor if tensor.dtype == dtype else None)
    if want.dtype is not None and want.dtype != tensor.dtype:
        tensor = tensor.to(want.dtype, memory_format=want.memory_format)
    elif target is source and (want.copy or _must_copy(tensor, want.memory_format)):
        return tensor.clone(memory_format=want.memory_format)
    return tensor if target is source else relocate(session, tensor, target, asked=True)


def cpu(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor.cpu()`."""
    return to(session, running, torch.Tensor.to, (args[0], CPU), _format_only(kwargs))


def type_as(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor.type_as(other)`: a move as well as a conversion."""
    return to(session, running, torch.Tensor.to, (args[0], args[1] if len(args) > 1 else kwargs["other"]), {})


def accelerator(kind: str) -> Callable[..., Any]:
    """`tensor.cuda(device=None)`, `tensor.xpu(...)`."""

    def handler(session: Session, running: Running, func: Any, args: tuple[Any, ...], kwargs: Any) -> Any:
        if not session.owns(kind):
            return func(*args, **kwargs)
        device = args[1] if len(args) > 1 else kwargs.get("device")
        target = torch.device(kind) if device is None else device
        target = torch.device(kind, target) if isinstance(target, int) else target
        return to(session, running, torch.Tensor.to, (args[0], target), _format_only(kwargs))

    return handler


def _format_only(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in kwargs.items() if k == "memory_format"}


def _ours(session: Session, target: torch.device) -> bool:
    return target is CPU or session.owns(target.type)


def _native(session: Session, tensor: Tensor, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """A move that PyTorch decides: a dtype only, to or from the meta device, or to a device that is not ours."""
    want = wanted(args[1:], kwargs)
    place = None if want.device is None or isinstance(want.device, Tensor) else session.resolve(want.device)
    if tensor.is_meta and place is not None and _ours(session, place):
        return func(tensor, CPU, want.dtype)  # raises: there is no data to copy
    return func(*args, **kwargs)


def _must_copy(tensor: Tensor, memory_format: torch.memory_format) -> bool:
    return memory_format is not torch.preserve_format and not tensor.is_contiguous(memory_format=memory_format)


def check_dtype(session: Session, target: torch.device, dtype: torch.dtype, tensor: Tensor | None) -> None:
    """Refuse what MPS has no type for."""
    if target.type == "mps" and dtype in MPS_WITHOUT:
        name = MPS_WITHOUT[dtype]
        refuse(
            session,
            TypeError,
            f"Cannot convert a MPS Tensor to {name} dtype as the MPS framework doesn't support {name}. "
            "Please use float32 instead.",
            code="SD204",
            op="aten::_to_copy",
            culprit=tensor,
            expected=target,
        )


def relocate(session: Session, tensor: Tensor, target: torch.device, *, asked: bool) -> Tensor:
    """A copy of a tensor on another device, with the gradient flowing back to where it came from."""
    _note(session, tensor, target, asked)
    if tensor.requires_grad and torch.is_grad_enabled():
        return Move.apply(tensor, _Route(session, target))  # type: ignore[no-any-return, no-untyped-call]
    return _copy(session, tensor, target)


@dataclass(frozen=True, slots=True)
class _Route:
    """Where a move goes, and in which session: hidden from autograd, which would look for tensors in a tuple."""

    session: Session
    target: torch.device


def _copy(session: Session, tensor: Tensor, target: torch.device) -> Tensor:
    label = made(session, target, named=True)
    source = labels.get(tensor)
    if target is CPU and label is not source:
        label.from_device = source is not None and source.device is not CPU
    elif label is not session.plain(target) and source is not None:
        label.from_device = source.from_device
    if label.code is None and source is not None and label is not session.plain(target):
        label.code, label.lasti = source.code, source.lasti  # the harness moved it: its maker stays its maker
    out = torch.clone(tensor.detach())
    labels.put(out, label)
    return out


def _note(session: Session, tensor: Tensor, target: torch.device, asked: bool) -> None:
    label = labels.get(tensor)
    if label is None and session.ledger is not None:
        label = known(session, tensor, None)
    if label is not None:
        label.used = session.epoch
    source = CPU if label is None else label.ambient if label.device is UNBORN else label.device
    note(session, tensor.numel() * tensor.element_size(), label, (source, target), op="Tensor.to", asked=asked)


class Move(torch.autograd.Function):
    """The differentiable move: the gradient goes back to the device that the value came from."""

    generate_vmap_rule = True

    @staticmethod
    def forward(tensor: Tensor, route: _Route) -> Tensor:
        """Copy."""
        return _copy(route.session, tensor, route.target)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        """Remember where the value came from."""
        tensor, route = inputs
        ctx.route = _Route(route.session, device_of(route.session, tensor) or CPU)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        """Copy the gradient back."""
        return relocate(ctx.route.session, gradient, ctx.route.target, asked=False), None

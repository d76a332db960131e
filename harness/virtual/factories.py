"""Factories: functions that make a tensor on the device that they are told, else on the CPU or beside their model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils import _device as contexts
from torch.utils._device import _device_constructors

from . import labels
from .birth import made
from .labels import CPU
from .moves import check_dtype, device_of, relocate
from .refusal import refuse
from .session import FACTORY, Running, Session

# Take their data's device if it is a tensor and none is named.
FROM_DATA = (torch.tensor, torch.as_tensor, torch.asarray)
# Stand where the tensors that they are given stand.
OF_PARTS = (
    torch.sparse_coo_tensor,
    torch.sparse_compressed_tensor,
    torch.sparse_csr_tensor,
    torch.sparse_csc_tensor,
    torch.sparse_bsr_tensor,
    torch.sparse_bsc_tensor,
    torch.nested.nested_tensor,
)
PLAIN = tuple(f for f in _device_constructors() if f not in (*FROM_DATA, *OF_PARTS))


def plain(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`torch.zeros(...)` and all that makes a tensor out of nothing."""
    wanted = _wanted(kwargs)
    target = CPU if wanted is None else session.resolve(wanted)
    if target is not CPU and not session.owns(target.type):
        return func(*args, **kwargs)
    _check_generator(session, kwargs.get("generator"), target, func)
    # The CPU by name, or a default device would put in its own.
    given = {k: v for k, v in kwargs.items() if k != "pin_memory"}  # this build has nothing to pin memory for
    out = _run(running, func, args, given if wanted is None else {**given, "device": "cpu"})
    named = wanted is not None or kwargs.get("generator") is not None
    return _label(session, out, target, named=named, data=func in FROM_DATA)


def from_data(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`torch.tensor(data)`, `torch.as_tensor(data)`, `torch.asarray(data)`."""
    if func is torch.as_tensor and len(args) > 1:
        kwargs = {**dict(zip(("dtype", "device"), args[1:], strict=False)), **kwargs}
        args = args[:1]
    data = args[0] if args else kwargs.get("data", kwargs.get("obj"))
    wanted = _wanted(kwargs)
    if not isinstance(data, Tensor):
        return plain(session, running, func, args, kwargs)
    target = device_of(session, data) if wanted is None else session.resolve(wanted)
    if target is None or (target is not CPU and not session.owns(target.type)):
        return func(*args, **kwargs)
    out = _run(running, func, args, {**kwargs, "device": "cpu"})
    if labels.get(out) is None or func is torch.tensor:
        labels.put(out, labels.get(data))
    return out if device_of(session, out) is target else relocate(session, out, target, asked=True)


def of_parts(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`torch.sparse_coo_tensor(indices, values)` and its like: beside the parts, which move to a named device."""
    wanted = kwargs.get("device")
    if wanted is None:
        with running.calling(args, kwargs):
            return func(*args, **kwargs)
    target = session.resolve(wanted)
    if target is not CPU and not session.owns(target.type):
        return func(*args, **kwargs)
    with running.calling(args, kwargs):
        moved = tuple(_moved(session, value, target) for value in args)
        out = func(*moved, **{name: _moved(session, v, target) for name, v in kwargs.items() if name != "device"})
        return _label(session, out, target, named=True)


def _moved(session: Session, value: Any, target: torch.device) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(_moved(session, item, target) for item in value)
    if not isinstance(value, Tensor) or device_of(session, value) in (target, None):
        return value
    return relocate(session, value, target, asked=True)


def like(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """Any other function called with `device=`: `zeros_like(x, device=...)`, `x.new_zeros(..., device=...)`."""
    target = session.resolve(kwargs["device"])
    if target is not CPU and not session.owns(target.type):
        return func(*args, **kwargs)
    # The CPU by name: the model tensor may be a meta one. The label says where the result really is.
    return _label(session, _run(running, func, args, {**kwargs, "device": "cpu"}), target, named=True)


def beside(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`x.new_tensor(data)`, `x.new(...)`: on x's device if none is named."""
    if kwargs.get("device") is not None:
        return like(session, running, func, args, kwargs)
    target = device_of(session, args[0])
    out = _run(running, func, args, kwargs)
    return out if target is None else _label(session, out, target, named=True)


def _wanted(kwargs: dict[str, Any]) -> Any:
    """The device asked for: by name, else that of `torch.set_default_device`, whose own mode comes after ours."""
    named = kwargs.get("device")
    return contexts.CURRENT_DEVICE if named is None else named


def _run(running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    outer, running.call = running.call, FACTORY
    try:
        return func(*args, **kwargs)
    finally:
        running.call = outer


def _label(session: Session, out: Any, target: torch.device, *, named: bool, data: bool = False) -> Any:
    if isinstance(out, Tensor) and out.is_cpu:
        check_dtype(session, target, out.dtype, None)
        labels.put(out, made(session, target, named=named, data=data))
    return out


def _check_generator(
    session: Session, generator: torch.Generator | None, target: torch.device, func: Callable[..., Any]
) -> None:
    if generator is not None and generator.device.type != target.type:
        refuse(
            session,
            RuntimeError,
            f"Expected a '{target.type}' device type for generator but found '{generator.device.type}'",
            code="SD203",
            op=getattr(func, "__name__", str(func)),
            culprit=generator,
            expected=target,
            argument="generator",
        )

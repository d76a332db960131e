"""Agreement: functions that PyTorch puts together in C++ after a look at the devices, where no mode can see it look.

On a CPU build everything is on the CPU underneath, so the look itself is repeated here, in the same words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from .labels import CPU
from .moves import device_of
from .refusal import refuse
from .session import Running, Session


def meshgrid(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`torch.meshgrid(*tensors)`: all on one device, 0-dim ones too."""
    tensors = args[0] if len(args) == 1 and isinstance(args[0], (list, tuple)) else args
    places = [device_of(session, t) for t in tensors if isinstance(t, Tensor)]
    away = next((p for p in places if p is not CPU), CPU)
    stray = next((t for t, p in zip(tensors, places, strict=False) if p is not away), None)
    if stray is not None and away is not None:
        words = "torch.meshgrid expects all tensors to have the same device"
        _refuse(session, words, "torch.meshgrid", stray, away, None)
    with running.calling(args, kwargs):
        return func(*args, **kwargs)


def tensor_split(
    session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any
) -> Any:
    """`tensor.tensor_split(indices)`: the indices are read by the host."""
    where = args[1] if len(args) > 1 else kwargs.get("tensor_indices_or_sections", kwargs.get("indices"))
    place = device_of(session, where) if isinstance(where, Tensor) else CPU
    if place is not CPU and place is not None:
        name = "tensor_indices_or_sections"
        words = f"tensor_split expected {name} to be on cpu, but it's on {place}"
        _refuse(session, words, "Tensor.tensor_split", where, CPU, name)
    with running.calling(args, kwargs):
        return func(*args, **kwargs)


def one_device(name: str, *, index: bool) -> Callable[..., Any]:
    """A function of two tensors that must agree: with `index` on the device, else on its kind alone."""

    def handler(session: Session, running: Running, func: Any, args: tuple[Any, ...], kwargs: Any) -> Any:
        one, other = [t for t in (*args, *kwargs.values()) if isinstance(t, Tensor)][:2]
        ours, theirs = device_of(session, one), device_of(session, other)
        if ours is not None and theirs is not None and ours is not theirs and (index or ours.type != theirs.type):
            kind, wanted, got = ("Device", ours, theirs) if index else ("DeviceType", ours.type, theirs.type)
            words = f"Expected tensor to have {wanted} {kind}, but got tensor with {got} {kind}"
            stray, expected = (one, theirs) if ours is CPU else (other, ours)
            _refuse(session, f"{words} (while checking arguments for {name}())", name, stray, expected, None)
        with running.calling(args, kwargs):
            return func(*args, **kwargs)

    return handler


def _refuse(session: Session, words: str, op: str, stray: Tensor, expected: torch.device, argument: str | None) -> None:
    refuse(session, RuntimeError, words, code="SD201", op=op, culprit=stray, expected=expected, argument=argument)


HANDLERS: dict[Any, Callable[..., Any]] = {
    torch.meshgrid: meshgrid,
    torch._C._VariableFunctions.meshgrid: meshgrid,  # type: ignore[attr-defined]
    torch.tensor_split: tensor_split,
    Tensor.tensor_split: tensor_split,
    torch.inner: one_device("inner", index=False),
    Tensor.inner: one_device("inner", index=False),
    torch.take_along_dim: one_device("torch.take_along_dim", index=True),
    Tensor.take_along_dim: one_device("torch.take_along_dim", index=True),
}

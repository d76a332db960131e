"""Gradients: running backward where hooks can see the devices, and refusing a gradient from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from . import labels
from .labels import CPU
from .moves import device_of, relocate
from .refusal import refuse
from .session import Running, Session


def backward(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor.backward(gradient, retain_graph, create_graph, inputs)`, with the modes on for the hooks' sake."""
    names = ("gradient", "retain_graph", "create_graph", "inputs")
    given = {**dict(zip(names, args[1:], strict=False)), **kwargs}
    outer, running.call = running.call, 0
    try:
        with running.seen():
            torch.autograd.backward(
                args[0],
                given.get("gradient"),
                given.get("retain_graph"),
                given.get("create_graph", False),
                inputs=given.get("inputs"),
            )
    finally:
        running.call = outer


def get_grad(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor.grad`: the engine sends the gradient of a CPU scalar, which joined device tensors, back to the CPU."""
    gradient = func(*args)
    if isinstance(gradient, Tensor) and gradient.dim() == 0:
        ours, theirs = device_of(session, args[0]), device_of(session, gradient)
        if ours is CPU and theirs is not None and theirs is not CPU:
            labels.put(gradient, None)
    return gradient


def set_grad(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor.grad = gradient`."""
    tensor, gradient = args
    if isinstance(gradient, Tensor):
        ours, theirs = device_of(session, tensor), device_of(session, gradient)
        if ours is not theirs and ours is not None and theirs is not None:
            words = _foreign_gradient(ours, theirs)
            refuse(session, RuntimeError, words, code="SD201", op="Tensor.grad", culprit=gradient, expected=ours)
    return func(*args)


def _foreign_gradient(ours: torch.device, theirs: torch.device) -> str:
    """PyTorch's words, from `THPVariable_set_grad`."""
    gradient, tensor = f"with device type '{theirs.type}'", f"with device type '{ours.type}'"
    if ours.type == theirs.type:
        gradient = f"located on device with index '{theirs.index}'"
        tensor = f"located on device with index '{ours.index}'"
    return (
        f"attempting to assign a gradient {gradient} to a tensor {tensor}. "
        "Please ensure that the gradient and the tensor are on the same device"
    )


def set_item(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor[i] = value` across devices, which copies unless a tensor is the index."""
    tensor, index, value = args
    keys = index if isinstance(index, tuple) else (index,)
    if isinstance(value, Tensor) and value.requires_grad and not any(isinstance(k, (Tensor, list)) for k in keys):
        ours, theirs = device_of(session, tensor), device_of(session, value)
        if ours is not theirs and ours is not None and theirs is not None:
            value = relocate(session, value, ours, asked=False)
    with running.calling(args, kwargs):
        return func(tensor, index, value)


def copy_(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor.copy_(source)` across devices: the gradient must go back to the source's device."""
    tensor, source = args[0], args[1] if len(args) > 1 else kwargs["src"]
    if isinstance(source, Tensor) and source.requires_grad and torch.is_grad_enabled():
        ours, theirs = device_of(session, tensor), device_of(session, source)
        if ours is not theirs and ours is not None and theirs is not None:
            moved = relocate(session, source, ours or CPU, asked=False)
            return func(tensor, moved, *args[2:], **{k: v for k, v in kwargs.items() if k != "src"})
    return func(*args, **kwargs)


def check_roots(session: Session, outputs: Any, gradients: Any) -> tuple[Any, ...]:
    """The gradients that the backward engine starts from: each on its output's device, a 0-dim one is copied there."""
    with torch._C.DisableTorchFunction():  # which would answer our own questions with labels
        return tuple(_at_output(session, i, o, g) for i, (o, g) in enumerate(zip(outputs, gradients, strict=True)))


def _at_output(session: Session, index: int, output: Any, gradient: Any) -> Any:
    if not isinstance(output, Tensor) or not isinstance(gradient, Tensor) or not labels.storages(gradient):
        return gradient  # a batch of PyTorch's old vmap has no storage to look at
    ours = device_of(session, output)
    words = f"invalid gradient at index {index} - expected device {ours} but got {device_of(session, gradient)}"
    return brought(session, gradient, ours, words, "Tensor.backward")


def brought(session: Session, gradient: Tensor, ours: torch.device | None, words: str, op: str) -> Tensor:
    """A gradient on the device where the engine wants it: a 0-dim one is copied there, another is refused."""
    theirs = device_of(session, gradient)
    if ours is theirs or ours is None or theirs is None:
        return gradient
    if gradient.dim() > 0:
        refuse(session, RuntimeError, words, code="SD201", op=op, culprit=gradient, expected=ours)
    return relocate(session, gradient, ours, asked=False)

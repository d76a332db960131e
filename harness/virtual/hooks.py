"""Hooks: what a program's own backward code gives back must be on the device that the engine expects."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import torch
from torch import Tensor

from .gradients import brought
from .labels import CPU
from .moves import device_of, relocate
from .refusal import refuse
from .session import Running, Session, current


def register_hook(
    session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any
) -> Any:
    """`tensor.register_hook(hook)`: a hook may not return a gradient on another device."""
    tensor, hook = args[0], args[1] if len(args) > 1 else kwargs["hook"]

    @wraps(hook, updated=())
    def watched(gradient: Tensor) -> Any:
        found = hook(gradient)
        standing = current()
        return found if standing is None else _returned(standing, hook, gradient, found)

    return func(tensor, watched)


def _returned(session: Session, hook: Callable[..., Any], gradient: Tensor, found: Any) -> Any:
    with torch._C.DisableTorchFunction():  # which would answer our own questions with labels
        if not isinstance(found, Tensor) or found is gradient:
            return found
        ours, theirs = device_of(session, gradient), device_of(session, found)
        if ours is theirs or ours is None or theirs is None:
            return found
        name = getattr(hook, "__name__", type(hook).__name__)
        words = f"hook '{name}' has changed the type of value (was {_type(gradient, ours)} got {_type(found, theirs)})"
        op = "Tensor.register_hook"
        refuse(session, RuntimeError, words, code="SD201", op=op, culprit=found, expected=ours, argument="gradient")
        return relocate(session, found, ours, asked=False)


def _type(tensor: Tensor, place: torch.device) -> str:
    name: str = tensor.type()
    return name if place is CPU else name.replace("torch.", f"torch.{place.type}.", 1)


def places(session: Session, values: tuple[Any, ...]) -> tuple[torch.device | None, ...]:
    """The device of each argument of a custom function that is a tensor."""
    with torch._C.DisableTorchFunction():
        return tuple(device_of(session, value) if isinstance(value, Tensor) else None for value in values)


def at_inputs(session: Session, node: str, expected: tuple[torch.device | None, ...], gradients: Any) -> Any:
    """What a custom function's backward returned: each gradient on its input's device, a 0-dim one is copied there."""
    given = gradients if isinstance(gradients, tuple) else (gradients,)
    with torch._C.DisableTorchFunction():
        found = [
            _at_input(session, node, i, place, g) for i, (place, g) in enumerate(zip(expected, given, strict=False))
        ]
    return (*found, *given[len(found) :]) if isinstance(gradients, tuple) else found[0] if found else gradients


def _at_input(session: Session, node: str, index: int, ours: torch.device | None, gradient: Any) -> Any:
    if not isinstance(gradient, Tensor):
        return gradient
    theirs = device_of(session, gradient)
    words = f"Function {node} returned an invalid gradient at index {index} - expected device {ours} but got {theirs}"
    return brought(session, gradient, ours, words, "Function.backward")

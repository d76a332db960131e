"""Presentation: what a tensor says about its device when Python asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from .labels import CPU
from .moves import device_of, to
from .session import Running, Session


def device(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor.device`."""
    at_home = session.at_home(args[0])
    if at_home is not None:
        return at_home
    found = device_of(session, args[0])
    return func(*args) if found is None else found


def make_device(
    session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any
) -> torch.device:
    """`torch.device(1)` is the accelerator's second device."""
    if len(args) == 1 and not kwargs and type(args[0]) is int:
        args = (session.kind, args[0])
    return torch.device(*args, **kwargs)


def is_kind(kind: str) -> Callable[..., Any]:
    """`tensor.is_cuda`, `tensor.is_cpu`, ..."""

    def handler(session: Session, running: Running, func: Any, args: tuple[Any, ...], kwargs: Any) -> Any:
        found = device_of(session, args[0])
        return func(*args) if found is None else found.type == kind

    return handler


def get_device(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor.get_device()`: the index, -1 for the CPU."""
    found = device_of(session, args[0])
    return func(*args) if found is None else -1 if found is CPU else found.index


def type_(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor.type()` names the device in the type; `tensor.type("torch.cuda.FloatTensor")` is a move."""
    tensor = args[0]
    found = device_of(session, tensor)
    asked = args[1] if len(args) > 1 else kwargs.get("dtype")
    if found is None or isinstance(asked, torch.dtype):
        return func(*args, **kwargs)
    if asked is None:
        name: str = func(tensor)
        return name if found is CPU else name.replace("torch.", f"torch.{found.type}.", 1)
    space, _, name = (asked if isinstance(asked, str) else f"{asked.__module__}.{asked.__name__}").rpartition(".")
    kind = space.removeprefix("torch").lstrip(".") or "cpu"
    converted = tensor.type(f"torch.{name}")
    return to(session, running, torch.Tensor.to, (converted, torch.device(kind)), {})


def repr_(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`repr(tensor)`: PyTorch's own printer, run where it can see the device."""
    found = device_of(session, args[0])
    if found is None or found is CPU or func is not Tensor.__repr__:
        return func(*args, **kwargs)
    with running.seen():
        return torch._tensor_str._str(args[0], tensor_contents=kwargs.get("tensor_contents"))  # type: ignore[no-untyped-call]


def format_(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`f"{tensor}"`: a number's format for a 0-dim tensor, else `str(tensor)`."""
    if args[0].dim() == 0:
        return func(*args, **kwargs)
    with running.seen():
        return object.__format__(args[0], args[1])


def parse_to(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """What `Module.to(...)` reads its words with: it makes nothing; a device stays, a tensor says its own."""
    device, *others = func(*args, **kwargs)
    other = args[0] if args else kwargs.get("tensor")
    if isinstance(other, Tensor):
        found = device_of(session, other)
        device = device if found is None else found
    return device, *others

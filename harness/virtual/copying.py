"""Copying: `copy.deepcopy` of a tensor or a storage stays on the original's device."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from . import labels
from .birth import made
from .labels import CPU
from .moves import device_of
from .session import Running, Session


def deepcopy(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`copy.deepcopy(tensor)`: its gradient and attributes are copied with it."""
    known = id(args[0]) in args[1] if len(args) > 1 else False
    out = func(*args, **kwargs)
    if not known and isinstance(out, Tensor):
        found = device_of(session, args[0])
        for source, copy in ((args[0], out), (args[0].grad, out.grad)):
            if source is not None and copy is not None:
                _follow(session, source, copy, found is CPU)
    return out


def _follow(session: Session, source: Tensor, copy: Tensor, on_host: bool) -> None:
    label = labels.get(source)
    if label is None or not on_host:
        labels.put(copy, label)
        return
    twin = made(session, CPU, named=label.named)
    twin.roots = label.roots or (label,)
    twin.from_device = label.from_device
    labels.put(copy, twin)

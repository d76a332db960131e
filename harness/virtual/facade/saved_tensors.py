"""Saved tensors: checkpointing's and offloading's hooks, called by C++ amid an operator, see the devices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch

from ..session import Session, current
from ..threads import running_here

Replacement = tuple[Any, str, Any]
_NATIVE = torch._C._autograd


def replacements(session: Session) -> Iterator[Replacement]:
    """Where `torch.autograd.graph.saved_tensors_hooks` hands its two hooks over."""
    push = _NATIVE._push_saved_tensors_default_hooks

    def push_seeing(pack: Callable[[Any], Any], unpack: Callable[[Any], Any]) -> None:
        push(_seeing(pack), _seeing(unpack))

    yield _NATIVE, "_push_saved_tensors_default_hooks", push_seeing


def _seeing(hook: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def with_devices(value: Any) -> Any:
        running = running_here()
        # In a backward pass the function mode is on already; twice would be once too often.
        if current() is None or running is None or torch._C._len_torch_function_stack() > 0:
            return hook(value)
        outer, running.call = running.call, 0
        try:
            with running.seen():
                return hook(value)
        finally:
            running.call = outer

    return with_devices

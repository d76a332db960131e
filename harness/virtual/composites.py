"""Composites: functions whose C++ body copies between devices where no operator shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from . import labels
from .birth import made
from .labels import CPU
from .session import Running, Session


def ctc_loss(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`torch.ctc_loss` takes its lengths from the host and, to average, sends the target lengths after the losses."""
    if len(args) > 3 and isinstance(args[3], Tensor):
        label = labels.get(args[0])
        if labels.get(args[3]) is not label:
            lengths = torch.clone(args[3])
            labels.put(lengths, label)
            args = (*args[:3], lengths, *args[4:])
    with running.calling(args, kwargs):
        return func(*args, **kwargs)


def pad_packed(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`pad_packed_sequence` counts the lengths on the host."""
    with running.calling(args, kwargs):
        padded, lengths = func(*args, **kwargs)
    labels.put(lengths, made(session, CPU, named=False, data=True))
    return padded, lengths


HANDLERS: dict[Any, Callable[..., Any]] = {
    torch.ctc_loss: ctc_loss,
    torch._C._VariableFunctions._pad_packed_sequence: pad_packed,
}

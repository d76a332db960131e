"""`torch.accelerator`: the session's devices are the machine's accelerator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from ..session import Session
from .current_device import CurrentDevice
from .streams import any_device, event_type, stream_type

Replacement = tuple[Any, str, Any]


def replacements(session: Session) -> Iterator[Replacement]:
    """Everything that `torch.accelerator` asks of PyTorch's C side."""
    now = CurrentDevice(session)
    stream = stream_type(session.kind, now)
    for name, value in {
        "_accelerator_getAccelerator": lambda: torch.device(session.kind),
        "_accelerator_getDeviceIndex": now.get,
        "_accelerator_setDeviceIndex": now.set,
        "_accelerator_exchangeDevice": now.exchange,
        "_accelerator_maybeExchangeDevice": now.maybe_exchange,
        "_accelerator_synchronizeDevice": lambda index: None,
        "_accelerator_emptyCache": lambda: None,
        "_accelerator_getStream": lambda index: stream(index),
        "_accelerator_setStream": lambda stream: None,
    }.items():
        yield torch._C, name, value
    # In Python, since PyTorch's parser of arguments takes only a stream of its own.
    yield torch.Tensor, "record_stream", lambda tensor, stream: None
    yield torch, "Event", any_device(torch.Event, session, event_type)
    yield torch, "Stream", any_device(torch.Stream, session, lambda kind: stream_type(kind, now))
    yield torch.accelerator, "is_available", lambda: True
    yield torch.accelerator, "device_count", now.count

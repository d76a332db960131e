"""`torch.accelerator`: the session's devices are the machine's accelerator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from ..session import Session
from .current_device import CurrentDevice
from .streams import Event, Stream, any_device, current_stream, record_stream, set_stream

Replacement = tuple[Any, str, Any]


def replacements(session: Session) -> Iterator[Replacement]:
    """Everything that `torch.accelerator` asks of PyTorch's C side."""
    now = CurrentDevice(session)
    for name, value in {
        "_accelerator_getAccelerator": lambda: torch.device(session.kind),
        "_accelerator_getDeviceIndex": now.get,
        "_accelerator_setDeviceIndex": now.set,
        "_accelerator_exchangeDevice": now.exchange,
        "_accelerator_maybeExchangeDevice": now.maybe_exchange,
        "_accelerator_synchronizeDevice": lambda index: None,
        "_accelerator_emptyCache": lambda: None,
        "_accelerator_getStream": current_stream,
        "_accelerator_setStream": set_stream,
    }.items():
        yield torch._C, name, value
    # In Python, since PyTorch's parser of arguments takes only a stream of its own.
    yield torch.Tensor, "record_stream", lambda tensor, stream: record_stream(session, tensor, stream)
    yield torch, "Event", any_device(torch.Event, session, Event)
    yield torch, "Stream", any_device(torch.Stream, session, Stream)
    yield torch.accelerator, "is_available", lambda: True
    yield torch.accelerator, "device_count", now.count

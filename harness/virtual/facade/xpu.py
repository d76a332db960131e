"""`torch.xpu` for virtual devices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from ..session import Session
from .current_device import CurrentDevice
from .streams import Event, Stream, current_stream, set_stream, stream_context

Replacement = tuple[Any, str, Any]


def replacements(session: Session) -> Iterator[Replacement]:
    """Everything of `torch.xpu` that changes."""
    now = CurrentDevice(session)
    for name, value in {
        "_lazy_init": _nothing,
        "_initialized": True,
        "is_available": lambda: True,
        "device_count": now.count,
        "current_device": now.get,
        "set_device": lambda device: now.set(device if isinstance(device, int) else torch.device(device).index or 0),
        "_exchange_device": now.exchange,
        "_maybe_exchange_device": now.maybe_exchange,
        "synchronize": _nothing,
        "empty_cache": _nothing,
        "default_generators": tuple(torch.default_generator for _ in range(session.count)),
        "Stream": Stream,
        "Event": Event,
        "current_stream": current_stream,
        "set_stream": set_stream,
        "stream": stream_context,
    }.items():
        yield torch.xpu, name, value


def _nothing(*args: Any, **kwargs: Any) -> None:
    """A call that orders work on hardware: on the CPU everything has happened when it returns."""

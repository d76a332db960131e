"""`torch.mps` and `torch.backends.mps` for a virtual device, put in at PyTorch's C boundary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from ..session import Session
from .streams import Event

Replacement = tuple[Any, str, Any]


def replacements(session: Session) -> Iterator[Replacement]:
    """Everything of `torch.mps` that changes."""
    for name, value in {
        "_has_mps": True,
        "_mps_is_available": lambda: True,
        "_mps_is_on_macos_or_newer": lambda major, minor: (major, minor) <= (15, 0),
        "_mps_deviceSynchronize": _nothing,
        "_mps_emptyCache": _nothing,
        "_mps_setMemoryFraction": _nothing,
        "_mps_currentAllocatedMemory": lambda: session.memory.account(session.resolve("mps")).now,
        "_mps_driverAllocatedMemory": lambda: session.memory.account(session.resolve("mps")).now,
        "_mps_recommendedMaxMemory": lambda: session.profile.memory,
        "_mps_get_default_generator": lambda: torch.default_generator,
    }.items():
        yield torch._C, name, value
    yield torch.backends.mps, "is_available", lambda: True
    yield (
        torch.backends.mps,
        "is_macos_or_newer",
        lambda major, minor: (major, minor) <= (15, 0),
    )  # its cache would stay
    yield torch.backends.mps, "is_built", lambda: True
    yield torch.mps, "device_count", lambda: 1
    yield torch.mps, "_default_mps_generator", torch.default_generator
    yield torch.mps, "Event", Event
    yield torch, "has_mps", True


def _nothing(*args: Any, **kwargs: Any) -> None:
    """A call that orders work on hardware: on the CPU everything has happened when it returns."""

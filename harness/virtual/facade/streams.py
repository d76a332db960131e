"""Streams and events of a virtual device: everything has happened when a call returns, so they only keep time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from ..session import Session, current
from .current_device import CurrentDevice


def stream_type(kind: str, now: CurrentDevice) -> type:
    """The `Stream` class of a device kind."""

    class Stream:
        """A stream in which all work is done already."""

        def __init__(self, device: Any = None, priority: int = 0, **kwargs: Any) -> None:
            index = now.get() if device is None else device if isinstance(device, int) else torch.device(device).index
            self.device = torch.device(kind, now.get() if index is None else index)
            self.device_index = self.device.index
            self.priority = priority
            self.stream_id = 0
            self.cuda_stream = 0

        def synchronize(self) -> None:
            """Wait for nothing."""

        def wait_event(self, event: Any) -> None:
            """Wait for nothing."""

        def wait_stream(self, stream: Any) -> None:
            """Wait for nothing."""

        def query(self) -> bool:
            """Whether all work is done: it is."""
            return True

        def is_capturing(self) -> bool:
            """Whether a graph is being captured: never."""
            return False

        def record_event(self, event: Any = None) -> Any:
            """Record an event now."""
            event = event_type(kind)() if event is None else event
            event.record(self)
            return event

        def __eq__(self, other: object) -> bool:
            return isinstance(other, type(self)) and self.device == other.device

        def __hash__(self) -> int:
            return hash(self.device)

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *exception: object) -> None:
            return None

    return Stream


def event_type(kind: str) -> type:
    """The `Event` class of a device kind."""

    class Event:
        """A moment in time, in seconds of `time.perf_counter`."""

        def __init__(self, enable_timing: bool = False, blocking: bool = False, interprocess: bool = False) -> None:
            self.enable_timing = enable_timing
            self._moment: float | None = None

        def record(self, stream: Any = None) -> None:
            """Note the time."""
            self._moment = time.perf_counter()

        def wait(self, stream: Any = None) -> None:
            """Wait for nothing."""

        def synchronize(self) -> None:
            """Wait for nothing."""

        def query(self) -> bool:
            """Whether the recorded work is done: it is."""
            return True

        def elapsed_time(self, end_event: Any) -> float:
            """Milliseconds from this event to another."""
            if self._moment is None or end_event._moment is None:
                raise ValueError("Both events must be recorded before calculating elapsed time.")
            return float(end_event._moment - self._moment) * 1000

    return Event


def any_device(native: Any, session: Session, ours: Callable[[str], Any]) -> type:
    """`torch.Event` or `torch.Stream`, which take the device first: ours for a virtual device, else PyTorch's.

    A class, since modules that are imported meanwhile inherit from it; they keep PyTorch's behaviour afterwards.
    """

    class AnyDevice(native):  # type: ignore[misc]
        def __new__(cls, device: Any = None, *args: Any, **kwargs: Any) -> Any:
            place = torch.device(session.kind) if device is None else torch.device(device)
            if current() is None or not session.owns(place.type):
                return native.__new__(cls, device, *args, **kwargs)
            return ours(place.type)(*args, **kwargs)

    AnyDevice.__name__ = AnyDevice.__qualname__ = native.__name__
    return AnyDevice


@contextmanager
def stream_context(stream: Any) -> Iterator[None]:
    """`with torch.cuda.stream(s):` changes nothing."""
    yield

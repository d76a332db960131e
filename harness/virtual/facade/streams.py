"""Streams and events of a virtual device: everything has happened when a call returns, so they only keep time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import torch

from ..labels import CPU
from ..moves import device_of
from ..refusal import refuse
from ..session import Session, current

_NUMBERS = count(1)


def _session() -> Session:
    session = current()
    if session is None:
        raise RuntimeError("the virtual devices of this stream are gone")
    return session


def _index(device: Any) -> int:
    if isinstance(device, int):
        return device
    index = None if device is None else torch.device(device).index
    return _session().current if index is None else index


class Stream:
    """A stream in which all work is done already. Each that a program makes is another; the default one is number 0."""

    def __init__(self, device: Any = None, priority: int = 0, *, stream_id: int | None = None, **kwargs: Any) -> None:
        self.device_index = _index(device)
        self.device = torch.device(_session().kind, self.device_index)
        self.priority = priority
        self.stream_id = self.cuda_stream = next(_NUMBERS) if stream_id is None else stream_id
        self._before: list[Stream] = []

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
        event = Event() if event is None else event
        event.record(self)
        return event

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stream) and (self.device, self.stream_id) == (other.device, other.stream_id)

    def __hash__(self) -> int:
        return hash((self.device, self.stream_id))

    def __enter__(self) -> Stream:
        self._before.append(current_stream(self.device_index))
        set_stream(self)
        return self

    def __exit__(self, *exception: object) -> None:
        set_stream(self._before.pop())


def default_stream(device: Any = None) -> Stream:
    """The stream that a device starts with."""
    return Stream(device, stream_id=0)


def current_stream(device: Any = None) -> Stream:
    """The stream that work goes to."""
    index = _index(device)
    found: Stream | None = _session().streams.get(index)
    return default_stream(index) if found is None else found


def set_stream(stream: Any) -> None:
    """Send work to a stream; None changes nothing."""
    if stream is not None:
        _session().streams[stream.device_index] = stream


@contextmanager
def stream_context(stream: Any) -> Iterator[None]:
    """`with torch.cuda.stream(s):`."""
    if stream is None:
        yield
        return
    with stream:
        yield


def record_stream(session: Session, tensor: torch.Tensor, stream: Any) -> None:
    """`tensor.record_stream(stream)`: on the CPU, where all work is done in order, nothing implements it."""
    with torch._C.DisableTorchFunction():
        found = device_of(session, tensor)
    if not isinstance(stream, Stream):
        raise RuntimeError("unknown parameter type")
    if found is None or found is not CPU:
        return
    words = (
        "Could not run 'aten::record_stream' with arguments from the 'CPU' backend. This could be because the operator "
        "doesn't exist for this backend, or was omitted during the selective/custom build process (if using custom "
        "build)."
    )
    place = session.resolve(session.kind)
    refuse(session, NotImplementedError, words, code="SD205", op="aten::record_stream", culprit=tensor, expected=place)


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


def any_device(native: Any, session: Session, ours: Callable[..., Any]) -> type:
    """`torch.Event` or `torch.Stream`, which take the device first: ours for a virtual device, else PyTorch's.

    A class, since modules that are imported meanwhile inherit from it; they keep PyTorch's behaviour afterwards.
    """

    class AnyDevice(native):  # type: ignore[misc]
        def __new__(cls, device: Any = None, *args: Any, **kwargs: Any) -> Any:
            place = torch.device(session.kind) if device is None else torch.device(device)
            if current() is None or not session.owns(place.type):
                return native.__new__(cls, device, *args, **kwargs)
            return ours(*args, **kwargs) if ours is Event else ours(place, *args, **kwargs)

    AnyDevice.__name__ = AnyDevice.__qualname__ = native.__name__
    return AnyDevice

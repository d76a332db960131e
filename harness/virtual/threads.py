"""Threads: the modes are thread-local, so every thread that starts inside enters its own pair."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from .dispatch import DeviceDispatch
from .functions import DeviceFunctions
from .session import Running, current

_here = threading.local()


@contextmanager
def watched() -> Iterator[None]:
    """Enter the two modes in this thread, unless it has them: they serve whichever session is innermost."""
    if running_here() is not None:
        yield
        return
    _here.running = running = Running()
    try:
        with DeviceDispatch(running), DeviceFunctions(running):
            yield
    finally:
        del _here.running


def running_here() -> Running | None:
    """What this thread is in the middle of; None for a thread that no session watches."""
    return getattr(_here, "running", None)


@contextmanager
def inherited() -> Iterator[None]:
    """Make threads that start now enter the modes too."""
    start = threading.Thread.start

    def start_watched(thread: threading.Thread) -> None:
        run = thread.run

        def run_watched() -> None:
            if current() is None:
                run()
                return
            with watched():
                run()

        thread.run = run_watched  # type: ignore[method-assign]
        start(thread)

    threading.Thread.start = start_watched  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        threading.Thread.start = start  # type: ignore[method-assign]

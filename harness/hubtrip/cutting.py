"""Cutting: an upload that is interrupted, as Ctrl-C does, at a request that is known beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class CutOff(KeyboardInterrupt):
    """The interruption: like Ctrl-C, nothing that catches exceptions catches it."""


@contextmanager
def cut_off(part: str) -> Iterator[None]:
    """Interrupt, before it is sent, the first request of the Hub's client whose path holds `part`."""
    from huggingface_hub import get_session

    def hook(request: Any) -> None:
        if part in request.url.path:
            raise CutOff(f"interrupted before {request.method} {request.url.path}")

    hooks = get_session().event_hooks["request"]
    hooks.append(hook)
    try:
        yield
    finally:
        hooks.remove(hook)

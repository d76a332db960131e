"""Hardware: how many real devices there are, also while virtual ones answer every question PyTorch can be asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

KINDS = ("cuda", "mps", "xpu")
_remembered: dict[str, int] | None = None


def count(kind: str) -> int:
    """The number of real devices of a kind."""
    return _ask(kind) if _remembered is None else _remembered.get(kind, 0)


@contextmanager
def remembered() -> Iterator[None]:
    """Ask before the façade goes up, and keep the answers until it is down."""
    global _remembered
    if _remembered is not None:
        yield
        return
    _remembered = {kind: _ask(kind) for kind in KINDS}
    try:
        yield
    finally:
        _remembered = None


def _ask(kind: str) -> int:
    if kind == "mps":
        return int(torch._C._mps_is_available())
    counter = getattr(torch._C, f"_{kind}_getDeviceCount", None)  # absent in builds without the backend
    return 0 if counter is None else int(counter())

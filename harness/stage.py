"""The stage: what stands while a cell runs. A virtual device keeps a ledger, so one run finds every mismatch."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from .device import Device


def standing(device: Device) -> AbstractContextManager[Any]:
    """Enter a device: nothing for a real one; a virtual one appears with as many siblings as its index needs."""
    if not device.virtual:
        return nullcontext()
    from .virtual import virtual
    from .virtual.ledger import Ledger

    return virtual(device.kind, count=device.index + 1, home=device.name, ledger=Ledger())

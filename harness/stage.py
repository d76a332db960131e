"""The stage: what stands while a cell runs. A virtual device keeps a ledger, so one run finds every mismatch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from .device import Device
from .measure import Measure


def standing(device: Device) -> AbstractContextManager[Any]:
    """Enter a device: nothing for a real one; a virtual one appears with as many siblings as its index needs."""
    if not device.virtual:
        return nullcontext()
    from .virtual import virtual
    from .virtual.ledger import Ledger

    return virtual(device.kind, count=device.index + 1, home=device.name, ledger=Ledger())


def trust(session: Any) -> Iterator[Measure]:
    """How many operators a virtual device judged, and how many of their rules no hardware has confirmed.

    The recording is a CUDA card's: on other kinds every rule is derived.
    """
    if session is None or not session.rules:
        return
    rules = session.rules.values()
    yield Measure(name="operators", value=len(rules))
    yield Measure(name="derived_operators", value=sum(session.kind != "cuda" or not rule.recorded for rule in rules))

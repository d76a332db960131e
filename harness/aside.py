"""Aside: what is tried while a check runs and is no part of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from .virtual.ledger import Ledger
from .virtual.session import current


@contextmanager
def aside() -> Iterator[None]:
    """Inside, a standing virtual device keeps another ledger, and random numbers are drawn that nobody misses."""
    standing = current()
    with torch.random.fork_rng(devices=[]):
        if standing is None or standing.ledger is None:
            yield
            return
        kept, standing.ledger = standing.ledger, Ledger()
        rules, standing.rules = standing.rules, dict(standing.rules)
        try:
            yield
        finally:
            standing.ledger, standing.rules = kept, rules

"""Transfers: every copy between devices and every wait for a device, with its line, and budgets for them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from linecache import getline
from typing import TYPE_CHECKING

import torch

from ..errors import TransferRefused, UsageError
from ..finding import Location
from .labels import CPU, Label
from .origins import here

if TYPE_CHECKING:
    from .session import Session

_LOG = logging.getLogger("samedevice.transfers")
# JAX's words (`jax.transfer_guard`). Explicit is what a program asks for by name: `.to()`, `.cpu()`, `.cuda()`.
WORDS = ("allow", "log", "disallow", "log_explicit", "disallow_explicit")


class Way(StrEnum):
    """The direction of a copy."""

    TO_DEVICE = "host to device"
    TO_HOST = "device to host"
    BETWEEN = "device to device"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Transfer:
    """One copy of `nbytes` bytes by `op`, at the program's line `use`.

    `asked` is True for `.to()` and its like, False for what happens inside an operator. `sync` is True
    where Python waits for the value (`item`, `bool`, `tolist`, `nonzero`). `label` is the source's,
    `epoch` the session's phase.
    """

    way: Way
    nbytes: int
    op: str
    asked: bool
    use: Location | None
    sync: bool = False
    label: Label | None = None
    epoch: int = 0


@dataclass(slots=True, kw_only=True, eq=False)
class Seen:
    """The transfers that a `transfers(...)` block has seen so far."""

    copies: list[Transfer] = field(default_factory=list)

    @property
    def nbytes(self) -> int:
        """The bytes of all of them."""
        return sum(copy.nbytes for copy in self.copies)


def note(
    session: Session,
    nbytes: int,
    label: Label | None,
    route: tuple[torch.device, torch.device],
    *,
    op: str,
    asked: bool = False,
    sync: bool = False,
) -> None:
    """Tell the ledger and the watchers of a session of one transfer, from and to the devices of `route`."""
    if session.ledger is None and not session.watchers:
        return
    source, target = route
    transfer = Transfer(
        way=Way.TO_DEVICE if source is CPU else Way.TO_HOST if target is CPU else Way.BETWEEN,
        nbytes=nbytes,
        op=op,
        asked=asked,
        use=here(),
        sync=sync,
        label=label,
        epoch=session.epoch,
    )
    if session.ledger is not None:
        session.ledger.transfers.append(transfer)
    for watcher in session.watchers:
        watcher(transfer)


@contextmanager
def transfers(budget: str = "log") -> Iterator[Seen]:
    """See every copy between the standing virtual devices and the host, and keep to a budget.

    `budget` is one of JAX's words: `allow` only counts; `log` logs implicit transfers to the logger
    `samedevice.transfers`, `disallow` raises `errors.TransferRefused` at the first; `log_explicit` and
    `disallow_explicit` mean the explicit ones (`.to()`, `.cpu()`) too. Yields what was seen. Raises
    `UsageError` for another word, or where no virtual device stands: hardware does not tell. For example::

        with samedevice.virtual("cuda"), samedevice.transfers("disallow") as seen:
            model(batch)
    """
    from .session import current

    if budget not in WORDS:
        raise UsageError(f"unknown transfer budget {budget!r}: choose from {', '.join(WORDS)}")
    session = current()
    if session is None:
        raise UsageError("transfers are seen on a virtual device only: enter samedevice.virtual(...) first")
    seen = Seen()

    def watch(transfer: Transfer) -> None:
        seen.copies.append(transfer)
        if budget == "allow" or (transfer.asked and not budget.endswith("_explicit")):
            return
        if budget.startswith("disallow"):
            raise TransferRefused(_words(transfer))
        _LOG.warning(_words(transfer))

    session.watchers.append(watch)
    try:
        yield seen
    finally:
        session.watchers.remove(watch)


def _words(transfer: Transfer) -> str:
    kind = "explicit" if transfer.asked else "implicit"
    place = ""
    if transfer.use is not None:
        text = getline(transfer.use.file, transfer.use.line).strip()
        place = f" at {transfer.use.file}:{transfer.use.line}" + (f": {text}" if text else "")
    waits = ", for which Python waits" if transfer.sync else ""
    return f"{kind} {transfer.way} transfer of {transfer.nbytes} bytes by {transfer.op}{waits}{place}"

"""A cluster: cells as actors of an existing Ray cluster, which brings machines, GPUs, and processes that may die.

An actor is to a block of cells what a runner is on this machine. Ray places it, counts GPUs and tells of its death;
time is kept here. Ray has no end of an actor's output to give: it is in the cluster's own logs.
"""

import os
import socket
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from time import monotonic
from typing import Any

from .. import catalog
from ..errors import UsageError
from ..plan import Cell
from ..result import Result
from ..wire import from_line
from . import ending
from .blocks import Numbered, blocks
from .limits import Limits
from .order import order_from, order_of
from .runner import answer, broken

# Seconds between two looks for a cell whose time is over.
LOOK = 0.5

# Seconds for the machine of RAY_ADDRESS to answer. Ray itself tries for minutes.
PATIENCE = 10.0

_ABSENT = "no Ray cluster is found: `ray start --head` starts one, RAY_ADDRESS names one"
_VERSIONS = ("samedevice", "torch", "transformers")


def refuse_absent() -> None:
    """Raise `UsageError` where Ray is not installed."""
    try:
        import ray  # noqa: F401
    except ImportError as error:
        raise UsageError("--executor ray needs Ray: pip install 'samedevice[ray]'") from error


class Cluster:
    """Runs cells on the cluster of `RAY_ADDRESS`, or on the one that runs on this machine. Raises `UsageError`."""

    def __init__(self, limits: Limits, jobs: int) -> None:
        import ray

        self._ray: Any = ray
        self._limits = limits
        self._jobs = max(jobs, 1)
        self._desks: list[_Desk] = []
        _refuse_unreachable(os.environ.get("RAY_ADDRESS", ""))
        try:
            # Not to standard output, where the report goes.
            self._ray.init(address="auto", log_to_driver=False, logging_level="error", ignore_reinit_error=True)
        except ConnectionError as error:
            raise UsageError(_ABSENT) from error

    def run(self, cells: Sequence[Cell], begun: Callable[[Cell], None]) -> Iterator[tuple[int, Result | None]]:
        """Each cell's place and result, as they come; `begun` hears of each cell when it is sent."""
        waiting = deque(blocks(cells, len(cells)))  # by device too: a block with a GPU must not wait for one without
        self._desks = [_Desk() for _ in range(min(self._jobs, len(waiting)))]
        while True:
            for desk in self._desks:
                if not desk.work and waiting:
                    self._dismiss(desk)
                    desk.work.extend(waiting.popleft())
                if desk.work and desk.pending is None:
                    self._go_on(desk, begun)
            pending = {desk.pending: desk for desk in self._desks if desk.pending is not None}
            if not pending:
                return
            ready, _ = self._ray.wait(list(pending), num_returns=1, timeout=LOOK)
            for reference in ready:
                yield from self._heard(pending[reference])
            for desk in self._desks:
                if desk.is_asked and monotonic() - desk.since > self._limits.timeout:
                    yield self._given_up(desk, ending.hung(self._limits.timeout, "", ""))

    def close(self) -> None:
        """End the actors, and leave the cluster."""
        for desk in self._desks:
            self._dismiss(desk)
        self._ray.shutdown()

    def _go_on(self, desk: "_Desk", begun: Callable[[Cell], None]) -> None:
        """Send the next cell to the actor of a desk; where there is none, start it and wait until it stands."""
        cell = desk.work[0][1]
        if desk.actor is None:
            gpus = cell.device.index + 1 if cell.device.kind == "cuda" and not cell.device.virtual else 0
            remote = self._ray.remote(Actor).options(num_cpus=1, num_gpus=gpus)
            desk.actor = remote.remote(sys.path, os.getcwd(), self._limits.threads)
            desk.pending = desk.actor.versions.remote()
        else:
            begun(cell)
            desk.pending, desk.is_asked, desk.since = (
                desk.actor.answer.remote(asdict(order_of(cell))),
                True,
                monotonic(),
            )

    def _heard(self, desk: "_Desk") -> Iterator[tuple[int, Result | None]]:
        try:
            said = self._ray.get(desk.pending)
        except self._ray.exceptions.RayError as error:
            yield self._given_up(desk, f"the process on the cluster is gone: {' '.join(str(error).split())[:400]}")
            return
        desk.pending = None
        if not desk.is_asked:
            _refuse_other(said)
            return
        desk.is_asked = False
        place, _ = desk.work.popleft()
        yield place, from_line(said.decode()) if said else None

    def _given_up(self, desk: "_Desk", reason: str) -> tuple[int, Result]:
        """The result of a cell whose actor is of no use any more; the next one gets another."""
        self._dismiss(desk)
        place, cell = desk.work.popleft()
        return place, broken(order_of(cell), reason)

    def _dismiss(self, desk: "_Desk") -> None:
        if desk.actor is not None:
            with suppress(self._ray.exceptions.RayError):  # it is gone already
                self._ray.kill(desk.actor)
        desk.actor, desk.pending, desk.is_asked = None, None, False


class Actor:
    """What Ray runs on a machine of the cluster."""

    def __init__(self, path: list[str], folder: str, threads: int) -> None:
        import torch
        import transformers.modeling_utils  # noqa: F401  # here, where no cell's time runs yet

        torch.set_num_threads(threads)
        sys.path[:] = list(dict.fromkeys([*path, *sys.path]))
        with suppress(OSError):  # a machine that does not share the folder: a target in it will say so
            os.chdir(folder)
        with suppress(Exception):  # a cell that wants one will say so
            catalog.checks()

    def versions(self) -> dict[str, str]:
        """What is installed here."""
        return {name: version(name) for name in _VERSIONS}

    def answer(self, order: dict[str, Any]) -> bytes:
        """The result of a cell as a line; empty where the question does not arise."""
        return answer(order_from(order))


@dataclass(slots=True, kw_only=True, eq=False)
class _Desk:
    """An actor, the cells that it is to do, and what it is waited for: to stand, or the result of the first of them."""

    work: deque[Numbered] = field(default_factory=deque)
    actor: Any = None
    pending: Any = None
    is_asked: bool = False
    since: float = 0.0


def _refuse_unreachable(address: str) -> None:
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal() or "://" in address:
        return  # "auto", or another of Ray's ways to say where
    try:
        socket.create_connection((host, int(port)), timeout=PATIENCE).close()
    except OSError as error:
        raise UsageError(f"{_ABSENT}; {address}: {error.strerror or error}") from error


def _refuse_other(versions: dict[str, str]) -> None:
    """Raise `UsageError` where a machine of the cluster has other versions than the report will say."""
    for name in _VERSIONS:
        if versions[name] != version(name):
            raise UsageError(f"the cluster has {name} {versions[name]}, and here is {version(name)}: install the same")

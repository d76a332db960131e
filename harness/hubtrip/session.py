"""A session: one Hub for all trips of this process, with a client that pushes and clients that have seen nothing."""

from __future__ import annotations

import atexit
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

from ..errors import NotChecked
from . import client, place, served, surroundings
from .client import Client
from .doomed import Doomed
from .served import Served


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    """Where trips go, with what tokens, and who makes them. `local` is None where it is the real Hub.

    Clients are started when they are first needed, and end with this process, by whatever end.
    """

    endpoint: str
    writes: str
    reads: str
    local: Served | None
    homes: TemporaryDirectory[str]
    pid: int
    user: str = ""
    pushers: dict[bool, Client] = field(default_factory=dict)
    readers: dict[tuple[Any, bool], Client] = field(default_factory=dict)
    spares: dict[bool, Client] = field(default_factory=dict)
    number: Iterator[int] = field(default_factory=count)
    doomed: Doomed | None = None

    def pusher(self, *, xet: bool = True) -> Client:
        """The client that pushes, one for all models; `xet` says whether by xet or by LFS."""
        found = self.pushers.get(xet)
        if found is None or found.broken:
            found = self.pushers[xet] = self.client(self.writes, xet=xet)
        return found

    def fresh(self, key: Any, *, xet: bool = True) -> Client:
        """The client that pulls the models of a key: a process of their own, that never saw one, with a cold cache.

        A key that is a text is a room for all: its process is kept, while the last target's ends with its turn.
        """
        found = self.readers.get((key, xet))
        if found is None or found.broken:
            for past in [name for name in self.readers if not isinstance(name[0], str)]:
                self.readers.pop(past).close()
                if xet not in self.spares:  # it starts while others work
                    self.spares[xet] = self.client(self.reads, xet=xet)
            found = self.spares.pop(xet) if xet in self.spares else self.client(self.reads, xet=xet)
            self.readers[key, xet] = found
        return found

    def client(self, token: str, *, xet: bool = True, endpoint: str | None = None) -> Client:
        """A new client with a cold home."""
        home = Path(self.homes.name) / f"home-{next(self.number)}"
        seed = next(self.number)  # another one for each process, as on other machines
        return client.start(surroundings.settings(endpoint or self.endpoint, token, home, xet=xet), hash_seed=seed)

    def fated(self) -> Doomed:
        """A second Hub, to be killed; its client waits for nobody."""
        if self.doomed is None or self.doomed.client.broken:
            other = served.serve()
            one = self.client(other.users["alice"]["write"], endpoint=other.endpoint)
            one.ask("hurry")
            self.doomed = Doomed(served=other, client=one)
        return self.doomed

    @contextmanager
    def repository(self, *, xet: bool = True, pusher: Client | None = None) -> Iterator[str]:
        """The id of a repository that nobody has; what is there in the end is removed, also after an exception."""
        worker = pusher or self.pusher(xet=xet)
        if not self.user:
            told = worker.ask("whoami")
            if "error" in told:
                raise NotChecked(f"{self.endpoint} does not take the token: {told['error']['text']}")
            self.user = told["name"]
        repo = f"{self.user}/samedevice-{token_hex(6)}"
        worker.owed.append(repo)
        try:
            yield repo
        finally:
            self._remove(repo, worker)

    def mark(self) -> int:
        """A place in the log of answered requests, for `since`."""
        return 0 if self.local is None else self.local.log.stat().st_size

    def since(self, mark: int) -> list[dict[str, Any]] | None:
        """The requests that the local Hub has answered since; None of the real one, which shows nobody its log."""
        if self.local is None:
            return None
        with self.local.log.open("rb") as stream:
            stream.seek(mark)
            return [json.loads(line) for line in stream.read().splitlines()]

    def close(self) -> None:
        """End the clients, which remove what is left on the Hub, and the Hub itself, if it is ours."""
        if self.doomed is not None:
            self.doomed.close()
        for one in (*self.readers.values(), *self.spares.values(), *self.pushers.values()):
            one.close()
        self.pushers, self.spares, self.readers = {}, {}, {}
        if self.local is not None:
            self.local.stop()
        self.homes.cleanup()

    def _remove(self, repo: str, worker: Client) -> None:
        if worker.broken is None and not worker.busy:
            told = worker.ask("remove", repos=[repo])
        elif self.local is not None:
            return  # the whole store goes with this process
        else:
            worker.close()  # cut off in its work, by Ctrl-C or by its own end: it removes what it can
            other = self.client(self.writes)
            told = other.ask("remove", repos=[repo])
            other.close()
        if repo in told.get("removed", ()):
            worker.owed.remove(repo)
        elif self.local is None:
            why = told.get("error", {}).get("text", "the Hub still has it")
            raise NotChecked(f"{repo} could not be removed, delete it by hand: {why}")


_OPEN: list[Session] = []


def session() -> Session:
    """The session of this process, begun now if there is none. Raises `NotChecked` where there can be none."""
    for one in _OPEN:
        if one.pid == os.getpid():
            return one
    _OPEN[:] = [_begun()]  # those of the process that this one was forked from are not ours to end
    return _OPEN[0]


@atexit.register
def close() -> None:
    """End the session of this process, if there is one."""
    for one in list(_OPEN):
        _OPEN.remove(one)
        if one.pid == os.getpid():
            one.close()


def _begun() -> Session:
    if place.chosen() == place.REAL:
        local, endpoint, writes = None, place.real_endpoint(), os.environ["HF_TOKEN"]
        reads = writes
    else:
        local = served.serve()
        endpoint, alice = local.endpoint, local.users["alice"]
        writes, reads = alice["write"], alice["read"]
    homes = TemporaryDirectory(prefix="samedevice-homes-")
    return Session(endpoint=endpoint, writes=writes, reads=reads, local=local, homes=homes, pid=os.getpid())

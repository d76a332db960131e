"""Lent: the local Hub as other people's tests get it, one server per run and a home for each process of it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import HTTPError
from urllib.parse import unquote
from urllib.request import ProxyHandler, Request, build_opener

from ..errors import UsageError
from . import served
from .surroundings import MISLEADING, settings, surrounded

# What the process that started the server tells those that it starts: xdist's workers.
VARIABLE = "SAMEDEVICE_LOCAL_HUB"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalHub:
    """A Hub on this machine, for one test. `token` may write, `read_token` may not, `other_token` is another user's.

    In this process and in those that the test starts, `huggingface_hub`, transformers and peft ask it already.
    """

    endpoint: str
    user: str
    token: str = field(repr=False)
    read_token: str = field(repr=False)
    other_token: str = field(repr=False)
    log: Path = field(repr=False)
    start: int = field(repr=False)
    made: list[str] = field(default_factory=list, repr=False)

    def repo_id(self, name: str = "model") -> str:
        """A new id of the user's own, which no other test has; what is pushed there goes when the test ends."""
        self.made.append(f"{self.user}/{name}-{token_hex(5)}")
        return self.made[-1]

    @property
    def env(self) -> dict[str, str]:
        """The whole environment for a process that is to ask this Hub; give it an `HF_HOME` to make its cache cold."""
        return dict(os.environ)

    def requests(self, *, everything: bool = False) -> list[dict[str, Any]]:
        """The requests answered since the test began that name one of its repositories, as in docs/hub.md.

        `everything` adds those that name none, such as of large files, and those of tests that run beside this one.
        """
        with self.log.open("rb") as stream:
            stream.seek(self.start)
            answered = [json.loads(line) for line in stream.read().splitlines()]
        return [one for one in answered if everything or any(repo in unquote(one["path"]) for repo in self.made)]

    def clean(self) -> None:
        """Remove the repositories of the test."""
        while self.made:
            self._delete(self.made.pop())

    def _delete(self, repo: str) -> None:
        owner, _, name = repo.partition("/")
        words = json.dumps({"organization": owner, "name": name}).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        asked = Request(f"{self.endpoint}/api/repos/delete", words, headers, method="DELETE")
        try:
            build_opener(ProxyHandler({})).open(asked, timeout=30).close()
        except HTTPError as error:
            if error.code != 404:  # the test may never have made it, or removed it itself
                raise


@contextmanager
def lent() -> Iterator[None]:
    """Let every Hub client of this process ask a local Hub: ours, or that of the process that started this one.

    Raises `UsageError` where the extra is missing, and where the client was imported already and asks another Hub.
    """
    told = os.environ.get(VARIABLE)
    constants = sys.modules.get("huggingface_hub.constants")
    if constants is not None and (told is None or json.loads(told)["endpoint"] != constants.ENDPOINT):
        raise UsageError("huggingface_hub was imported before its Hub was known: it asks " + constants.ENDPOINT)
    ours = None if told is not None else _started()
    known = json.loads(told) if told is not None else _told(ours)
    before = dict(os.environ)
    with TemporaryDirectory(prefix="samedevice-home-") as home:
        given = settings(known["endpoint"], known["users"]["alice"]["write"], Path(home))
        given.pop("HF_HUB_DISABLE_SHARED_BLOBS")  # a test's cache is as its user has it
        _become(surrounded(before, given) | {VARIABLE: json.dumps(known)})
        try:
            yield
        finally:
            _become({**os.environ, **{name: before[name] for name in (*given, *MISLEADING) if name in before}})
            for name in {*given, VARIABLE} - before.keys():
                os.environ.pop(name, None)
            if ours is not None:
                ours.stop()


def hub() -> LocalHub | None:
    """The Hub that this process was lent, from now on; None where it was lent none."""
    told = os.environ.get(VARIABLE)
    if told is None:
        return None
    known = json.loads(told)
    alice, log = known["users"]["alice"], Path(known["log"])
    return LocalHub(
        endpoint=known["endpoint"],
        user="alice",
        token=alice["write"],
        read_token=alice["read"],
        other_token=known["users"]["bob"]["write"],
        log=log,
        start=log.stat().st_size,
    )


def _started() -> served.Served:
    absent = served.missing()
    if absent is not None:
        raise UsageError(absent)
    return served.serve()


def _told(ours: served.Served | None) -> dict[str, Any]:
    assert ours is not None
    return {"endpoint": ours.endpoint, "log": str(ours.log), "users": ours.users}


def _become(environment: dict[str, str]) -> None:
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment)

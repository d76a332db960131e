"""A journey: one target on one device, sent to the clients of a session and asked to go to the Hub and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from .. import pretrained
from ..device import Device
from ..errors import NotChecked
from ..roundtrip.sending import send_inputs, send_target
from ..target import Target
from .client import Client
from .session import Session, session

Reply = dict[str, Any]

# What the local Hub answers to a request that it does not know, instead of guessing.
_UNKNOWN = 501


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Journey:
    """Who goes (the files in `sent`), where it stands, and the two clients: one pushes, the other has seen nothing.

    `ways` are the names of the ways that the model can go, its natural one first; `model` is the name of its class.
    """

    session: Session
    device: Device
    sent: Path
    pusher: Client
    reader: Client
    ways: tuple[str, ...]
    model: str

    def push(self, repo: str, way: str | None = None, number: int = 1, **given: Any) -> Reply:
        """Push the model, with its weights stamped by `number`; see `steps.push`."""
        by: Client = given.pop("by", self.pusher)
        return _made(by.ask("push", **self._said(repo, way), number=number, **given), "pushed")

    def pull(self, repo: str, pushed: Reply, way: str | None = None, **given: Any) -> Reply:
        """Pull what was pushed; see `steps.pull`. `revision` and `token`, where others are meant, and `by` whom."""
        told = {name: pushed[name] for name in ("format", "rebuilds", "address", "own_files")}
        by: Client = given.pop("by", self.reader)
        return by.ask("pull", **self._said(repo, way), **told, options=pushed.get("options", {}), **given)

    def _said(self, repo: str, way: str | None) -> Reply:
        return {"sent": self.sent, "device": self.device, "way": way or self.ways[0], "repo": repo}


@contextmanager
def journey(target: Target, device: Device, *, xet: bool = True, key: Any = None) -> Iterator[Journey]:
    """Make ready for a target's trips. One reader serves all targets of one `key`; by default, each has its own.

    Raises `NotChecked` where there is no Hub, where the target cannot be sent to another process, and in the end where
    the local Hub was asked what it does not know: the real one might have answered otherwise.
    """
    here = session()
    with TemporaryDirectory(prefix="samedevice-") as folder:
        mark, sent = here.mark(), Path(folder)
        address = None if _is_of_a_hub(target.address) else target.address
        torch.save(address, sent / "address.pt")
        if address is None:
            _send(target, sent)
        pusher, reader = here.pusher(xet=xet), here.fresh(target if key is None else key, xet=xet)
        told = _made(pusher.ask("survey", sent=sent, device=device), "built")
        yield Journey(
            session=here,
            device=device,
            sent=sent,
            pusher=pusher,
            reader=reader,
            ways=tuple(told["ways"]),
            model=told["model"],
        )
        _refuse_unknown(here.since(mark) or ())


def _is_of_a_hub(address: tuple[str, str | None] | None) -> bool:
    """True for a Hub id: the clients ask another Hub, and would not find it there."""
    return address is not None and pretrained.is_hub_id(address[0]) and not Path(address[0]).is_dir()


def _send(target: Target, sent: Path) -> None:
    send_target(target, target.build, sent / "target.pt")
    if target.inputs is not None and torch.load(sent / "target.pt", weights_only=False)[0] == "instance":
        send_inputs(target.inputs(), sent / "inputs.pt")


def _refuse_unknown(answered: Iterable[Mapping[str, Any]]) -> None:
    for one in answered:
        if one["status"] == _UNKNOWN:
            raise NotChecked(f"the local Hub does not know what the client asked: {one['method']} {one['path']}")


def _made(reply: Reply, done: str) -> Reply:
    """The reply; what broke before anything was asked of a Hub is no matter of the Hub."""
    if "error" in reply:
        raise NotChecked(f"the target could not be {done} in another process: {reply['error']['text']}")
    return reply

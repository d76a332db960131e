"""The steps that a client's process can be asked for; each returns plain data, and tensors on the CPU."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import huggingface_hub
import torch
from torch import nn

from .. import formats
from ..device import Device
from ..formats import Format, Origin
from ..roundtrip import Hand, take
from ..roundtrip.address import class_address, origin
from ..roundtrip.child import said
from ..roundtrip.quiet import poisoned, quiet
from ..roundtrip.sending import received, send_inputs
from ..stage import standing
from ..subject import moved
from ..target import Target
from .bytes_of import stamped
from .cutting import CutOff, cut_off
from .holdings import cached, commits, files, model_card, upload_card
from .lines import last, own_files, watched, written
from .refusal import refusal
from .saving import leaks, saved
from .ways import Order, Parcel, applicable, format_of, named

CPU = Device(kind="cpu")
Reply = dict[str, Any]

# Seconds.
_SHORT = 0.01


def survey(sent: Path, device: Device) -> Reply:
    """The names of the ways that a target's model can go, its natural one first, and the name of its class."""
    with standing(device):
        model = _target(sent).build()
    return {"ways": [way.name for way in applicable(model)], "model": type(model).__name__}


def push(sent: Path, device: Device, way: str, repo: str, number: int = 0, **given: Any) -> Reply:
    """Build a target on a device, say what it is, push it privately, and say what is on the Hub then.

    `number` is the stamp of its weights; `given` may hold `branch`, `token`, and, in `cut`, a part of the path of the
    request before which the push is interrupted. What the push raised is under `refused`; `changed` names the tensors
    that the push itself has changed; `created`, `committed` and `written` are lines of the author's, see `lines`.
    """
    cut = given.pop("cut", None)
    with quiet(), standing(device), TemporaryDirectory(prefix="samedevice-") as folder:
        hand = take(_target(sent), device)
        with stamped(hand.model, number):
            told = _introduced(hand, sent)
            pushed = Path(folder) / "pushed"
            parcel = Parcel(model=hand.model, fmt=format_of(hand.model), repo=repo, folder=pushed, **given)
            return told | _pushed(parcel, way, told, cut)


def pull(sent: Path, device: Device, way: str, repo: str, **pushed: Any) -> Reply:
    """Get a pushed model, move it to a device, and say what it is.

    `pushed` is of the push's reply: `format`, `rebuilds`, `address`, `own_files` and `options`; `revision` and
    `token`, if others are meant.
    """
    options = dict(pushed["options"])
    revision = pushed.get("revision") or options.pop("revision", None)
    options.pop("revision", None)
    fmt = replace(formats.named(pushed["format"]), rebuilds=pushed["rebuilds"])
    with quiet(), standing(device), watched(pushed["own_files"]) as requests:
        model = _loaded(
            [
                Order(fmt=fmt, origin=made, repo=repo, revision=revision, token=pushed.get("token"), options=options)
                for made in _origins(sent, fmt, pushed["address"])
            ],
            named(way).pull,
        )
        if device.kind != "cpu":
            model.to(device.name)
        inputs = moved(_inputs(sent), torch.device(device.name))
        return {
            "said": said(model, inputs),
            "model": type(model).__name__,
            "cached": cached(repo),
            "line": last(requests, "/resolve/"),
        }


def look(repo: str, token: str | bool | None, name: str | None = None) -> Reply:
    """What somebody with this token, or with none (False), gets to see; raises what the client raises."""
    from huggingface_hub import HfApi

    with TemporaryDirectory(prefix="samedevice-") as folder:
        api = HfApi(token=token)
        info = api.model_info(repo)
        if name is not None:
            api.hf_hub_download(repo, name, local_dir=folder)
        return {"sha": info.sha, "private": info.private}


def drop(repo: str, name: str) -> Reply:
    """Delete one file of a repository."""
    from huggingface_hub import HfApi

    return {"head": HfApi().delete_file(name, repo).oid}


def card(repo: str, text: str) -> Reply:
    """Push a model card, and say what the client's own class reads then; raises where the metadata is refused."""
    upload_card(repo, text)
    there = model_card(repo)
    # `ModelCard.validate` of a 1.x asks huggingface.co, whatever the endpoint is; its upload asks the right Hub.
    if not huggingface_hub.__version__.startswith("1."):
        there.validate()
    return {"text": str(there)}


def note(repo: str, text: str) -> Reply:
    """Add a line to the model card, as a human does on the Hub's page; a card is made where there is none."""
    found = model_card(repo)
    upload_card(repo, f"{'' if found is None else found}\n\n{text}\n")
    return {}


def noted(repo: str, text: str) -> Reply:
    """Whether the card still has that line."""
    found = model_card(repo)
    return {"kept": found is not None and text in found.text}


def head(repo: str) -> Reply:
    """The newest commit of the main branch."""
    return {"head": next(iter(commits(repo, None)), None)}


def hurry() -> Reply:
    """Let nothing wait in this process: the client sleeps for half a minute in all before it gives up on a dead Hub."""
    sleep = time.sleep

    def short(seconds: Any) -> None:
        sleep(min(seconds, _SHORT))

    time.sleep = short
    return {}


def remove(repos: Sequence[str]) -> Reply:
    """Delete repositories, and see that they are gone."""
    from huggingface_hub import HfApi

    api, removed = HfApi(), []
    for repo in repos:
        api.delete_repo(repo, missing_ok=True)
        if not api.repo_exists(repo):
            removed.append(repo)
    return {"removed": removed}


def sweep(repos: Sequence[str]) -> None:
    """Delete repositories as far as can be; what cannot be deleted is said on standard error."""
    for repo in repos:
        try:
            remove([repo])
        # One that cannot be removed must not keep the others.
        except Exception as error:
            print(f"samedevice: {repo} is still there: {error}", file=sys.stderr)


def whoami() -> Reply:
    """The name of the account that the token belongs to."""
    from huggingface_hub import HfApi

    return {"name": HfApi().whoami()["name"]}


def _target(sent: Path) -> Target:
    made = received(torch.load(sent / "address.pt", weights_only=False), sent / "target.pt")
    file = sent / "inputs.pt"
    # An instance was sent: it says nothing of what it is fed.
    return replace(made, inputs=partial(torch.load, file)) if made.inputs is None and file.exists() else made


def _introduced(hand: Hand, sent: Path) -> Reply:
    """What a reader of the Hub does not get to know there: who the model is, and how its class is found."""
    fmt = format_of(hand.model)
    if hand.unfed is None:
        send_inputs(moved(hand.inputs, torch.device("cpu")), sent / "inputs.pt")
    return {
        "said": said(hand.model, hand.inputs),
        "unfed": hand.unfed,
        "address": class_address(hand, fmt),
        "format": fmt.name,
        "rebuilds": fmt.rebuilds,
        "model": type(hand.model).__name__,
        "own_files": own_files(hand.model),
        "written": written(type(hand.model)),
    }


def _pushed(parcel: Parcel, way: str, told: Reply, cut: str | None) -> Reply:
    before = commits(parcel.repo, parcel.branch)
    parcel.folder.mkdir()
    try:
        with watched(told["own_files"]) as requests, cut_off(cut) if cut is not None else nullcontext():
            options = dict(named(way).push(parcel) or {})
    # In any words, by any library: the check judges it.
    except (Exception, CutOff) as error:
        return {"refused": refusal(error, told["own_files"])}
    after = said(parcel.model, None)["state"]
    where = options.get("revision", parcel.branch)
    made = commits(parcel.repo, where)
    return {
        "options": options,
        "changed": [name for name, kept in told["said"]["state"].items() if after.get(name) != kept],
        "commits": len(made) - (len(before) or 1),  # a new repository begins with one
        "head": made[0] if made else None,
        "main": next(iter(commits(parcel.repo, None)), None),
        "saved": saved(parcel),
        "leaks": leaks(parcel.folder.parent / "one"),
        "files": files(parcel.repo, where),
        "created": last(requests, "/api/repos/create"),
        "committed": last(requests, "/commit/"),
    }


def _origins(sent: Path, fmt: Format, address: dict[str, Any] | None) -> Iterator[Origin]:
    """How the class is found: alone, by its address; by the target, where it has none or its state does not fit."""
    if address is not None:
        yield origin(address)
    if address is None or fmt.rebuilds:
        yield from take(_target(sent), CPU).origins(fmt).values()


def _loaded(orders: Iterator[Order] | list[Order], act: Callable[[Order], nn.Module]) -> nn.Module:
    error: Exception = RuntimeError("there is no way to load it")
    for order in orders:
        try:
            with poisoned():
                return act(order)
        # The next way may work; the last refusal is the one that counts.
        except Exception as refused:
            error = refused
    raise error


def _inputs(sent: Path) -> Any:
    """The inputs that the push was fed; those of the target, where they could not be sent."""
    file = sent / "inputs.pt"
    if file.exists():
        return torch.load(file, weights_only=True)
    target = _target(sent)
    if target.inputs is None:
        return None
    target.build()
    return target.inputs()


STEPS: dict[str, Callable[..., Reply]] = {
    "survey": survey,
    "push": push,
    "pull": pull,
    "look": look,
    "drop": drop,
    "card": card,
    "note": note,
    "noted": noted,
    "head": head,
    "hurry": hurry,
    "remove": remove,
    "whoami": whoami,
}

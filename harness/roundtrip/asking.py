"""Asking a fresh process for the second half of a trip, and reading what it replies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from .. import fresh_process
from ..errors import NotChecked
from .address import class_address
from .contents import differences
from .fingerprint import fingerprint
from .running import Answer
from .sending import send_inputs, send_target
from .sources import salted
from .trip import Trip, filed

CHILD = f"{__package__}.child"

# The first seed is asked always; the others where the model's source has words whose result depends on it.
SEEDS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reply:
    """What a fresh process came to. `error` and its `stage` where it did not come to an end.

    `is_bare` says that the class was called there and not the factory. It also saved the model again: `gaps`
    says where a file is not, byte for byte, the one that this process writes.
    """

    hash_seed: int
    stage: str | None = None
    error: str | None = None
    state: dict[str, str] | None = None
    slots: dict[str, str] | None = None
    outside: dict[str, str] | None = None
    inputs_agree: bool = True
    is_bare: bool = False
    answer: Answer | None = None
    gaps: dict[str, str] = field(default_factory=dict)


def replies(trip: Trip) -> Iterator[Reply]:
    """The replies of as many fresh processes as it takes, each with another hash seed.

    The first calls the class alone, as somebody who only reads the files does, if it can be found; where that fails,
    and for every other, the factory is run again. Raises `NotChecked` where this target cannot be sent to another
    process, or does not load there.
    """
    seeds = SEEDS if salted(trip.hand.model) else SEEDS[:1]
    by_class = class_address(trip.hand, trip.fmt)
    for seed in seeds:
        if by_class is not None:
            reply = _sent(trip, seed, by_class)
            if reply.error is None and reply.inputs_agree:
                yield reply
                continue
            by_class = None
        yield _sent(trip, seed, None)


def _sent(trip: Trip, seed: int, by_class: dict[str, Any] | None) -> Reply:
    with TemporaryDirectory(prefix="samedevice-") as folder:
        return _reply(trip, Path(folder), seed, by_class)


def _reply(trip: Trip, folder: Path, seed: int, by_class: dict[str, Any] | None) -> Reply:
    _write(trip, folder, by_class)
    try:
        fresh_process.run(CHILD, [str(folder)], hash_seed=seed)
    except fresh_process.TimedOut as late:
        raise NotChecked(str(late)) from late
    except fresh_process.Ended as ended:
        return Reply(hash_seed=seed, stage="end", error=str(ended))
    told: dict[str, Any] = torch.load(folder / "reply.pt", weights_only=False)
    if told.get("stage") == "build" and by_class is None:
        raise NotChecked(f"a fresh process cannot build the target: {told['error']}")
    if "error" in told:
        return Reply(hash_seed=seed, stage=told["stage"], error=told["error"])
    agree = trip.hand.unfed is not None or told["inputs"] == fingerprint(trip.hand.inputs)
    if not agree and by_class is None:
        raise NotChecked("a fresh process gets other inputs: they can be neither sent to it nor made again")
    answered = None
    if told["leaves"] is not None:
        answered = Answer(leaves=tuple(map(tuple, told["leaves"])), error=told["raised"])
    gaps = _rewritten(trip, folder / "again")
    return Reply(
        hash_seed=seed,
        state=told["state"],
        slots=told["slots"],
        outside=told["outside"],
        answer=answered,
        inputs_agree=agree,
        is_bare=by_class is not None,
        gaps=gaps,
    )


def _rewritten(trip: Trip, again: Path) -> dict[str, str]:
    """What another process wrote against what this one does: of the model in hand, else of the loaded one.

    A load may change what is written next, in every process the same; that is no matter of processes.
    """
    gaps = differences(filed(trip), again)[1]
    if gaps and trip.loaded is not None:
        with TemporaryDirectory(prefix="samedevice-") as place:
            here = Path(place) / again.name
            here.mkdir()
            trip.fmt.save(trip.loaded, here)
            return differences(here, again)[1]
    return gaps


def _write(trip: Trip, folder: Path, by_class: dict[str, Any] | None) -> None:
    (folder / "files").symlink_to(filed(trip), target_is_directory=True)
    address = trip.hand.target.address
    threads = torch.get_num_threads()
    request = {"address": address, "class": by_class, "format": trip.fmt.name, "threads": threads}
    torch.save(request, folder / "request.pt")
    if address is None and by_class is None:
        send_target(trip.hand.target, lambda: trip.hand.model, folder / "target.pt")
    if trip.hand.unfed is None:
        send_inputs(trip.hand.inputs, folder / "inputs.pt")

"""The second half of a round trip, in a fresh interpreter: `python -m samedevice.harness.roundtrip.child FOLDER`.

The folder holds `request.json`, the files of the model in `files/`, the inputs in `inputs.pt` and, for a target
that has no address, `target.pt`; the reply goes to `reply.pt`. The process that asks has written all of it.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from .. import loading
from ..device import Device
from ..formats import named
from ..target import Target
from .census import Census
from .fingerprint import fingerprint
from .hand import Hand, take
from .quiet import quiet
from .running import Answer, answer
from .state import entries
from .trip import Refused, Trip, loaded

CPU = Device(kind="cpu")


def main(folder: Path) -> None:
    """Do what the request says, and leave a reply in every case."""
    request = json.loads((folder / "request.json").read_text())
    torch.set_num_threads(request["threads"])
    warnings.simplefilter("ignore")
    stage, reply = "build", {}
    try:
        with quiet():
            hand = take(_target(folder, request), CPU)
            stage = "load"
            trip = loaded(Trip(hand=hand, fmt=named(request["format"]), folder=folder), folder / "files", "cpu")
            stage = "run"
            reply = said(trip, _inputs(folder, hand))
    except Refused as refused:
        reply = {"stage": stage, "error": refused.refusal.text}
    # Whatever happens here is told to the process that asked.
    except Exception as error:
        reply = {"stage": stage, "error": " ".join(f"{type(error).__name__}: {error}".split())[:500]}
    torch.save(reply, folder / "reply.pt")


def said(trip: Trip, inputs: Any) -> dict[str, Any]:
    """What a process can tell another of a loaded model: its state, its other contents, its answer."""
    model = trip.loaded
    assert model is not None
    told: Answer | None = None if inputs is None else answer(model, inputs)
    return {
        "way": trip.way,
        "state": {entry.name: fingerprint(entry.tensor) for entry in entries(model) if entry.saved},
        "slots": {path: slot.print for path, slot in Census(model).slots.items()},
        "inputs": None if inputs is None else fingerprint(inputs),
        "leaves": None if told is None else list(told.leaves),
        "raised": None if told is None else told.error,
    }


def _target(folder: Path, request: dict[str, Any]) -> Target:
    if request["address"] is not None:
        word, inputs = request["address"]
        return loading.target(word, inputs)
    kind, thing = torch.load(folder / "target.pt", weights_only=False)
    if kind == "recipe":
        return Target(name="target", build=thing[0], inputs=thing[1])
    return Target(name="target", build=_giving(thing))


def _giving(model: Any) -> Callable[[], Any]:
    return lambda: model


def _inputs(folder: Path, hand: Hand) -> Any:
    """The inputs of the process that asks, if they could be sent; else those that the target gives here."""
    file = folder / "inputs.pt"
    return torch.load(file, weights_only=False) if file.exists() else hand.inputs


if __name__ == "__main__":
    main(Path(sys.argv[1]))

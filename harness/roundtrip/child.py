"""The second half of a round trip, in a fresh interpreter: `python -m samedevice.harness.roundtrip.child FOLDER`.

The folder holds `request.pt`, the files of the model in `files/`, the inputs in `inputs.pt` and, for a target that has
no address, `target.pt`; the process that asks has written all of it. The reply goes to `reply.pt`, and the model,
saved once more, to `again/`.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ..device import Device
from ..formats import named
from .address import origin
from .census import Census
from .fingerprint import fingerprint
from .hand import take
from .outside import outside
from .quiet import poisoned, quiet
from .running import Answer, answer
from .sending import received
from .state import entries
from .trip import Refused, Trip, loaded

CPU = Device(kind="cpu")
AGAIN = "again"


def main(folder: Path) -> None:
    """Do what the request says, and leave a reply in every case."""
    request = torch.load(folder / "request.pt", weights_only=False)
    torch.set_num_threads(request["threads"])
    warnings.simplefilter("ignore")
    stage, reply = "build", {}
    try:
        with quiet():
            fmt, files = named(request["format"]), folder / "files"
            if request["class"] is not None:
                made = origin(request["class"])
                stage = "load"
                with poisoned():
                    model, inputs = fmt.load(files, made, "cpu"), None
            else:
                hand = take(received(request["address"], folder / "target.pt"), CPU)
                stage = "load"
                model, inputs = _some(loaded(Trip(hand=hand, fmt=fmt, folder=folder), files, "cpu").loaded), hand.inputs
            stage = "save"
            again = folder / AGAIN
            again.mkdir()
            fmt.save(model, again)
            stage = "run"
            reply = said(model, _inputs(folder, inputs))
    except Refused as refused:
        reply = {"stage": stage, "error": refused.refusal.text}
    # Whatever happens here is told to the process that asked.
    except Exception as error:
        reply = {"stage": stage, "error": " ".join(f"{type(error).__name__}: {error}".split())[:500]}
    torch.save(reply, folder / "reply.pt")


def said(model: nn.Module, inputs: Any) -> dict[str, Any]:
    """What a process can tell another of a loaded model: its state, its other contents, its answer."""
    told: Answer | None = None if inputs is None else answer(model, inputs)
    return {
        "state": {entry.name: fingerprint(entry.tensor) for entry in entries(model) if entry.saved},
        "slots": {path: slot.print for path, slot in Census(model).slots.items()},
        "outside": outside(model),
        "inputs": None if inputs is None else fingerprint(inputs),
        "leaves": None if told is None else list(told.leaves),
        "raised": None if told is None else told.error,
    }


def _some(model: nn.Module | None) -> nn.Module:
    assert model is not None
    return model


def _inputs(folder: Path, own: Any) -> Any:
    """The inputs of the process that asks, if they could be sent; else those that the target gives here."""
    file = folder / "inputs.pt"
    return torch.load(file, weights_only=False) if file.exists() else own


if __name__ == "__main__":
    main(Path(sys.argv[1]))

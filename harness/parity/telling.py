"""Telling: what another process builds under the same seeds, and what that answers."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import nn

from .. import fresh_process, loading
from ..errors import NotChecked
from ..roundtrip.fingerprint import fingerprint
from ..roundtrip.quiet import quiet
from ..roundtrip.running import Answer, answer
from ..roundtrip.state import entries
from ..target import Target
from .repeating import seeded_build

CHILD = f"{__package__}.child"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """The fingerprints of a model's state and of its inputs, and its answer."""

    state: dict[str, str]
    inputs: str
    answer: Answer


def told(target: Target) -> Told:
    """Build a target under the seeds, here, and ask it."""
    with quiet():
        model: nn.Module = seeded_build(target.build)
        model.to("cpu")
        state = {entry.name: fingerprint(entry.tensor) for entry in entries(model)}
        inputs: Any = {} if target.inputs is None else target.inputs()
        return Told(state=state, inputs=fingerprint(inputs), answer=answer(model, inputs))


def told_elsewhere(target: Target, hash_seed: int) -> Told:
    """The same, by a fresh interpreter with that hash seed. Raises `NotChecked` where the target cannot be sent."""
    with TemporaryDirectory(prefix="samedevice-") as place:
        folder = Path(place)
        torch.save({"address": target.address, "threads": torch.get_num_threads()}, folder / "request.pt")
        if target.address is None:
            _send(target, folder / "target.pkl")
        try:
            fresh_process.run(CHILD, [str(folder)], hash_seed=hash_seed)
        except fresh_process.Ended as ended:
            raise NotChecked(f"another process did not answer: {ended}") from ended
        reply = torch.load(folder / "reply.pt", weights_only=False)
    if "error" in reply:
        raise NotChecked(f"another process cannot build the target: {reply['error']}")
    return Told(
        state=reply["state"],
        inputs=reply["inputs"],
        answer=Answer(leaves=tuple(map(tuple, reply["leaves"])), error=reply["raised"]),
    )


def _send(target: Target, file: Path) -> None:
    try:
        file.write_bytes(pickle.dumps((target.build, target.inputs)))
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise NotChecked(f"another process was not asked: the target has no address ({error})") from error


def received(folder: Path) -> Target:
    """The target that was sent to this process."""
    address = torch.load(folder / "request.pt", weights_only=False)["address"]
    if address is not None:
        return loading.target(*address)
    build, inputs = pickle.loads((folder / "target.pkl").read_bytes())
    return Target(name="target", build=build, inputs=inputs)

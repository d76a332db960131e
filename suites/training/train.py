"""Does a training run on the device, and is it the training that the CPU makes?

The seeds' bug was here: forward passed, and the first batch of the training died of a memory left on the CPU.
Where the losses differ, a step computed with something that the device does not have.
"""

from collections.abc import Iterator
from functools import lru_cache, partial
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import nn

from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotChecked
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.observing import session
from ...harness.parity.branches import own_forward
from ...harness.target import Target
from ..attempt import Attempt, attempt
from .extras import lacking
from .outcome import Outcome
from .recipes import RECIPES, STEPS


def _run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    if reason := lacking("accelerate"):
        raise NotChecked(reason)
    standing = session()
    before = 0 if standing is None or standing.ledger is None else len(standing.ledger.transfers)
    tried = _trained(target.name, device.kind)
    yield from dict.fromkeys(tried.refused)
    if tried.error is not None:
        message = f"the training raised {tried.message}"
        yield Finding(code="SD804", subject=target.name, message=message, origin=tried.own_place, use=tried.place)
    losses = () if tried.value is None else tried.value.losses
    yield Measure(name="batches_success", value=len(losses), of=STEPS)
    yield Measure(name="device_errors", value=len(tried.refused))
    if tried.value is not None:
        yield from _compared(target.name, tried.value, device)
        yield from tried.value.measures()
    if standing is not None and standing.ledger is not None:
        copied = sum(transfer.nbytes for transfer in standing.ledger.transfers[before:])
        yield Measure(name="copied_bytes_per_step", value=copied // STEPS)
        yield Measure(
            name="peak_bytes", value=standing.memory.account(standing.resolve(torch.device(device.name))).peak
        )


def _trained(name: str, kind: str) -> Attempt[Outcome]:
    with TemporaryDirectory() as folder:
        return attempt(nn.Module(), partial(RECIPES[name].train, output_dir=folder, device=kind))


@lru_cache
def _losses_on_cpu(name: str) -> tuple[float, ...] | None:
    """The losses of the same training on the CPU; None where it fails there too."""
    tried: Any = _trained(name, "cpu")
    return None if tried.value is None else tried.value.losses


def _compared(name: str, outcome: Outcome, device: Device) -> Iterator[Finding]:
    if device.kind == "cpu":
        return
    expected = _losses_on_cpu(name)
    # A virtual device computes on the CPU, so every bit must be there; hardware rounds differently.
    allowed = 0.0 if device.virtual else 1e-3
    for step, (ours, theirs) in enumerate(zip(outcome.losses, expected or (), strict=False), 1):
        if not abs(ours - theirs) <= allowed:
            message = f"the loss of step {step} is {ours:.6g}, and {theirs:.6g} on the CPU (allowed: {allowed:g})"
            yield Finding(code="SD401", subject=name, message=message, origin=own_forward(outcome.model))
            return


TRAIN = Check(
    name="train",
    title="Train",
    question="Does a training run on the device, with the losses that the CPU computes?",
    run=_run,
)

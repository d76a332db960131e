"""Does the model give the same answer twice: here, in another process, and by kernels that can?

If not, no bug of it can be reproduced, no test of it compares anything, and a resumed training is another one.
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotChecked
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.observing import observe
from ...harness.parity.repeating import Twice, seeded_build, twice
from ...harness.subject import moved
from ...harness.target import Target
from .draws import draws
from .kernels import kernels
from .memory import memory
from .processes import processes
from .repeat import repeat


def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """Ask twice; what does not depend on the device (draws, raw memory, other processes) is asked on the CPU alone."""
    place = torch.device(device.name)
    model = seeded_build(target.build)
    if target.inputs is None:
        raise NotChecked("cannot be fed: no inputs are known, give --inputs")
    inputs = moved(target.inputs(), place)
    model.to(place)
    asked = _asked(model, inputs, device)
    raw = [] if asked.drew else list(_raw(model, inputs, asked, device))
    yield from raw
    if not any(isinstance(item, Finding) for item in raw):
        yield from repeat(asked, target, model, inputs, place)
    if device.kind == "cpu":
        yield from draws(model, inputs, asked)
        if asked.gap is None and not asked.drew:
            yield from processes(target, model)
    elif device.kind == "cuda":
        yield from kernels(model, inputs, device)


def _raw(model: nn.Module, inputs: Any, asked: Twice, device: Device) -> Iterator[Finding | Measure]:
    """What raw memory does, on the CPU and wherever it may be why two answers differ."""
    if device.kind == "cpu" or asked.gap is not None:
        yield from memory(model, inputs, asked.first)


def _asked(model: nn.Module, inputs: Any, device: Device) -> Twice:
    """Raises `NotChecked` where the model cannot be called, or only on hardware that mixed devices."""
    seen = observe(model, lambda: twice(model, inputs))
    if seen.findings:
        raise NotChecked(f"not asked: {seen.refusal(device.name)}")
    asked: Twice = seen.value
    if asked.first.error is not None:
        raise NotChecked(f"cannot be called on {device.name}: {asked.first.error}")
    return asked


DETERMINISM = Check(
    name="determinism",
    title="Determinism",
    question="Does the model give the same answer twice, here and in another process?",
    run=run,
)

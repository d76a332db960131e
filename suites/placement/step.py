"""Does an optimizer step run on the device, and the one after it?

The optimizer makes its own tensors, beside each parameter, at the first step; what was loaded or made for another
device raises there, after the first batch has already been paid for.
"""

from collections.abc import Iterator

import torch

from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotApplicable
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.observing import observe_or_skip, session, steps
from ...harness.subject import Subject, on_host, prepare
from ...harness.target import Target
from .backward import back

STEPS = 2


def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """Train for two steps with AdamW, whose state is the richest of the usual optimizers."""
    subject = prepare(target, device)
    steps(session())
    subject.model.train()
    observed = observe_or_skip(subject.model, lambda: train(subject), lambda: train(on_host(target, train=True)))
    yield from observed.findings
    yield Measure(name="optimizer_steps", value=observed.value or 0)


def train(subject: Subject) -> int:
    """The number of steps taken. Raises `NotApplicable` for a model that has nothing to train."""
    parameters = [p for p in subject.model.parameters() if p.requires_grad]
    if not parameters:
        raise NotApplicable("no parameter requires grad")
    optimizer = torch.optim.AdamW(parameters, lr=1e-3)
    for _ in range(STEPS):
        optimizer.zero_grad()
        if back(subject) == 0:
            raise NotApplicable("no output requires grad")
        optimizer.step()
    return STEPS


STEP = Check(name="step", title="Optimizer step", question="Does an optimizer step run on the device?", run=run)

"""Does a forward pass run on the device?

If not, the model raises "Expected all tensors to be on the same device" on the first real batch, in production.
"""

import time
from collections.abc import Iterator

import torch

from ...harness.check import Check
from ...harness.device import Device
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.observing import observe, session, steps
from ...harness.subject import prepare
from ...harness.target import Target


def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """Move the model, call it once; report each mismatch once."""
    subject = prepare(target, device)
    steps(session())
    started = time.perf_counter()
    with torch.no_grad():
        observed = observe(subject.model, subject.call)
    yield Measure(name="forward_seconds", value=time.perf_counter() - started)
    yield from observed.findings


FORWARD = Check(name="forward", title="Forward", question="Does a forward pass run on the device?", run=run)

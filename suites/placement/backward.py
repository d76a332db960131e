"""Does a training step's forward and backward run on the device, and does every gradient lie beside its parameter?

If not, training stops at the first `loss.backward()`, or the optimizer meets gradients from elsewhere.
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotApplicable
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.observing import observe_or_skip, session, steps
from ...harness.subject import Subject, on_host, prepare, tensors
from ...harness.target import Target


def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """Call the model in train mode and go back from the sum of everything that requires grad."""
    subject = prepare(target, device)
    steps(session())
    subject.model.train()
    observed = observe_or_skip(subject.model, lambda: back(subject), lambda: back(on_host(target, train=True)))
    yield from observed.findings
    if observed.value == 0 and not observed.findings:
        raise NotApplicable("no output requires grad")
    yield from _gradients(subject)


def back(subject: Subject) -> int:
    """Call the model and go back from every output that requires grad; how many there were."""
    sources = [t for t in _differentiable(subject.call()) if t.requires_grad]
    if sources:
        torch.autograd.backward([t.sum() for t in sources])
    return len(sources)


def _differentiable(output: Any) -> list[Tensor]:
    return [t for _, t in tensors(output) if t.is_floating_point() or t.is_complex()]


def _gradients(subject: Subject) -> Iterator[Finding | Measure]:
    reached = 0
    for name, parameter in subject.model.named_parameters():
        if parameter.grad is None:
            continue
        reached += 1
        if parameter.grad.device != parameter.device:
            yield Finding(
                code="SD104",
                message=f"the gradient of `{name}` is on {parameter.grad.device}, the parameter on {parameter.device}",
                subject=f"{name}.grad",
                hint="move the model before the first backward, or set `grad` to None when you move it",
            )
    yield Measure(name="gradients", value=reached)


BACKWARD = Check(
    name="backward",
    title="Backward",
    question="Does backward run on the device, and does every gradient lie beside its parameter?",
    run=run,
)

"""How many bytes does the model need on the device: at rest, in a forward, and in a training step?

Nothing is wrong with a number; it answers "does it fit" before a machine is rented.
"""

from collections.abc import Callable, Iterator

import torch

from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotApplicable, NotChecked
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.observing import observe_or_skip, session, steps
from ...harness.subject import Subject, on_host, prepare
from ...harness.target import Target
from .step import train


def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """Measure at rest, then the peak of a forward, then the peak of a training step if the model can be trained."""
    if device.kind == "cpu":
        raise NotApplicable("memory is counted on accelerators")
    if session() is None and device.kind != "cuda":
        raise NotChecked(f"PyTorch does not tell the peak of a real {device.kind} device")
    subject = prepare(target, device)
    yield Measure(name="resting_bytes", value=_now(subject))
    with torch.no_grad():
        yield Measure(name="forward_peak_bytes", value=_peak(subject, subject.call, lambda: on_host(target).call()))
    subject.model.train()
    try:
        peak = _peak(subject, lambda: train(subject), lambda: train(on_host(target, train=True)))
    except NotChecked:
        return  # the check `step` says why
    yield Measure(name="step_peak_bytes", value=peak)


def _now(subject: Subject) -> int:
    """The bytes on the device."""
    standing = session()
    if standing is None:
        return torch.cuda.memory_allocated(subject.device)
    return standing.memory.account(standing.resolve(subject.device)).now


def _peak(subject: Subject, action: Callable[[], object], reference: Callable[[], object]) -> int:
    """The most bytes on the device while an action ran. What it refuses is other checks' business."""
    standing = session()
    steps(standing)
    if standing is None:
        torch.cuda.reset_peak_memory_stats(subject.device)
        observe_or_skip(subject.model, action, reference)
        return torch.cuda.max_memory_allocated(subject.device)
    account = standing.memory.account(standing.resolve(subject.device))
    account.reset_peak()
    observe_or_skip(subject.model, action, reference)
    return account.peak


MEMORY = Check(name="memory", title="Memory", question="How many bytes does the model need on the device?", run=run)

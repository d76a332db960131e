"""Does the model still work after it moved to the device, back, there again, and after a deep copy?

Caches keyed by length alone, tensors remembered from the first device and copies that share state all pass the first
forward on the first device, and fail the second.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

import torch
from torch import nn

from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotApplicable, NotChecked
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.observing import observe, observe_or_skip, session, steps
from ...harness.subject import Subject, on_host
from ...harness.target import Target

CPU = torch.device("cpu")


def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """CPU, device, CPU, device, then a deep copy on the device, with a forward at each stop."""
    if device.kind == "cpu":
        raise NotApplicable("there is nowhere to move: the device under test is the CPU")
    subject = Subject(model=target.build(), device=torch.device(device.name), inputs=target.inputs)
    found: set[tuple[str, str | None]] = set()
    stops = (CPU, subject.device, CPU, subject.device)
    with torch.no_grad():
        for number, stop in enumerate(stops):
            for finding in _visit(subject, stop):
                if (finding.code, finding.subject) not in found:
                    found.add((finding.code, finding.subject))
                    yield replace(finding, code="SD105") if number > 1 else finding
        copy = _copy(subject, target)
        for finding in _visit(copy, subject.device) if copy is not None else ():
            if (finding.code, finding.subject) not in found:
                yield finding
    yield Measure(name="stops", value=len(stops) + (copy is not None))


def _copy(subject: Subject, target: Target) -> Subject | None:
    """A deep copy of the subject; None for a model that nobody can copy, on the CPU either."""
    try:
        observed = observe_or_skip(subject.model, lambda: deepcopy(subject.model), lambda: _copied_on_host(target))
    except NotChecked:
        return None
    return None if observed.value is None else replace(subject, model=observed.value)


def _copied_on_host(target: Target) -> nn.Module:
    with torch.enable_grad():  # or a tensor that was computed from a parameter would be like any other
        host = on_host(target)
    host.call()
    return deepcopy(host.model)


def _visit(subject: Subject, stop: torch.device) -> tuple[Finding, ...]:
    """Move the model and call it there, judging strays by where it stands now."""
    standing = session()
    if standing is not None:
        standing.witness = True
        standing.home = standing.resolve(stop)
        steps(standing)
    return observe(subject.model, lambda: (subject.model.to(stop), subject.call(stop))).findings


MOVES = Check(
    name="moves",
    title="Moves",
    question="Does the model work after it moved there, back, there again, and after a deep copy?",
    run=run,
)

"""Does a forward pass in the steady state copy between host and device behind the user's back?

Nothing raises and nothing is wrong in the numbers; the GPU waits for the host in every step.
"""

from collections.abc import Iterator

import torch

from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotApplicable, NotChecked
from ...harness.explaining import find
from ...harness.finding import Finding, Severity
from ...harness.measure import Measure
from ...harness.observing import observe, session, steps
from ...harness.reach import reach
from ...harness.subject import Subject, prepare
from ...harness.target import Target
from ...harness.virtual import labels, origins
from ...harness.virtual.labels import Label
from ...harness.virtual.session import Session
from ...harness.virtual.transfers import Transfer, Way


def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """Call the model twice and look at the copies of the second call, when every lazy cache is filled."""
    standing = session()
    if standing is None or standing.ledger is None:
        raise (NotApplicable if device.kind == "cpu" else NotChecked)("copies are counted on a virtual device only")
    subject = prepare(target, device)
    inputs = subject.fresh_inputs()
    with torch.no_grad():
        for _ in range(2):
            steps(standing)
            inputs = subject.fresh_inputs()
            before = len(standing.ledger.transfers)
            observe(subject.model, lambda given=inputs: _call(subject, given))  # type: ignore[misc]
    made = standing.ledger.transfers[before:]
    copies = [t for t in made if not t.sync]
    yield Measure(name="copies_to_device", value=sum(t.way is Way.TO_DEVICE for t in copies))
    yield Measure(name="copies_to_host", value=sum(t.way is Way.TO_HOST for t in copies))
    yield Measure(name="syncs", value=sum(t.sync for t in made))
    yield Measure(name="copied_bytes", value=sum(t.nbytes for t in made))
    yield from _built_on_host(made, subject, standing)
    yield from _kept_on_host(subject)


def _call(subject: Subject, inputs: object) -> object:
    from ...harness.subject import call

    return call(subject.model, inputs)


def _built_on_host(made: list[Transfer], subject: Subject, standing: Session) -> Iterator[Finding]:
    """Tensors that this very forward made on the host, without saying so, and then copied."""
    seen: set[int] = set()
    for transfer in made:
        label = transfer.label
        if transfer.way is not Way.TO_DEVICE or not transfer.asked or label is None or label.epoch != standing.epoch:
            continue
        roots = label.roots or (label,)
        accidental = [r for r in roots if _accidental(r, standing)]
        if not accidental or any(r.epoch != standing.epoch for r in roots) or id(accidental[0]) in seen:
            continue
        seen.add(id(accidental[0]))
        culprit = find(accidental[0], subject.model)
        yield Finding(
            code="SD301",
            severity=Severity.WARNING,
            message=f"`{culprit.name}` is made on the host in every forward and its {transfer.nbytes} bytes are copied "
            f"to {subject.device}",
            subject=culprit.name,
            origin=culprit.origin,
            use=transfer.use,
            hint="make it where it is needed: `device=x.device`",
        )


def _accidental(label: Label, standing: Session) -> bool:
    return label.epoch == standing.epoch and not label.named and not label.data and label.code is not None


def _kept_on_host(subject: Subject) -> Iterator[Finding]:
    """Device data that the forward copied to the host and the model now holds."""
    for reached in reach(subject.model):
        label = labels.get(reached.tensor)
        if label is None or label.epoch == 0 or not label.from_device or label.device is not labels.CPU:
            continue
        yield Finding(
            code="SD302",
            severity=Severity.WARNING,
            message=f"`{reached.path}` is a host copy of device data, made again in every forward",
            subject=reached.path,
            origin=origins.origin(label),
            hint="keep the tensor on the device (`.detach()`), and copy it when it is read",
        )


TRANSFERS = Check(
    name="transfers",
    title="Transfers",
    question="Does a forward copy between host and device behind the user's back?",
    run=run,
)

"""Is every tensor that the model can reach on the device after a move, and its output too?

A tensor that `.to()` does not reach stays behind in silence. Some of them raise at the next forward; those that do not
compute on the wrong device, or hand out results from there.
"""

from collections.abc import Iterator
from typing import Any

import torch

from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotChecked
from ...harness.explaining import find
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.observing import Observed, observe, session, steps
from ...harness.reach import How, Reached, reach
from ...harness.subject import Subject, prepare, tensors
from ...harness.target import Target
from ...harness.virtual import labels, origins, views
from ...harness.virtual.labels import Label
from ...harness.virtual.session import Session

_OWNED = {
    How.PARAMETER: "SD101",
    How.HIDDEN_PARAMETER: "SD101",
    How.HIDDEN_MODULE: "SD101",
    How.BUFFER: "SD102",
    How.GRADIENT: "SD104",
}


def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """Move the model, run it twice if it can be fed, then look at everything that it holds and returns.

    Of one that cannot be fed, what is astray is found; but that nothing is found is no pass, since nobody has seen what
    it places lazily, nor its output.
    """
    subject = prepare(target, device)
    standing = session()
    unfed = _unfed(subject)
    observed = _lived(subject, standing) if unfed is None else None
    strays = [r for r in reach(subject.model) if _astray(r, subject.device)]
    yield Measure(name="tensors_astray", value=len(strays))
    mismatched = {f.subject for f in observed.findings} if observed is not None else set()
    yield from observed.findings if observed is not None else ()
    for stray in strays:
        finding = _judge(stray, subject, standing, fed=observed is not None)
        if finding is not None and finding.subject not in mismatched:
            yield finding
    if observed is not None:
        yield from _outputs(observed.value, subject, mismatched)
    if unfed is not None:
        raise NotChecked(f"what the model holds was looked at, what it returns was not: {unfed}")


def _unfed(subject: Subject) -> str | None:
    """Why the model cannot be fed; None where it can."""
    try:
        subject.fresh_inputs()
    except NotChecked as reason:
        return str(reason)
    return None


def _lived(subject: Subject, standing: Session | None) -> Observed:
    """Two forwards, so that what is placed lazily has been placed."""
    findings: list[Finding] = []
    value = None
    with torch.no_grad():
        for _ in range(2):
            steps(standing)
            observed = observe(subject.model, subject.call)
            findings += [f for f in observed.findings if f not in findings]
            value = observed.value
    return Observed(value=value, findings=tuple(findings))


def _astray(reached: Reached, device: torch.device) -> bool:
    return not reached.host_ok and not _same(reached.tensor.device, device)


def _same(one: torch.device, other: torch.device) -> bool:
    return one.type == other.type and (one.type == "cpu" or (one.index or 0) == (other.index or 0))


def _judge(stray: Reached, subject: Subject, standing: Session | None, *, fed: bool) -> Finding | None:
    """A finding for a stray that does harm.

    Parameters, buffers and gradients always do. A plain tensor does if the forward writes device data into it, or if it
    was never seen in action; one that legally lives on the host (an index, a CPU scalar, a source of copies, a frozen
    teacher that is fed with `.cpu()`) does not.
    """
    if stray.tensor.is_meta:
        return _finding("SD106", stray, subject, "was left on the meta device: it has no data")
    label = labels.get(stray.tensor)
    hosted = label is not None and label.used > 0 and not label.from_device and not stray.tensor.requires_grad
    if stray.how in _OWNED and not (stray.how is How.HIDDEN_MODULE and hosted):
        return _finding(_OWNED[stray.how], stray, subject, "stays behind when the model moves")
    if label is not None and label.epoch == 0 and label.from_device:
        return _finding("SD103", stray, subject, "stays behind, and every forward copies device data into it")
    if not fed and not stray.weak:
        return _finding("SD103", stray, subject, "stays behind when the model moves")
    return None


def _finding(code: str, stray: Reached, subject: Subject, what: str) -> Finding:
    return Finding(
        code=code,
        message=f"`{stray.path}` ({stray.how}) is on {stray.tensor.device}, expected {subject.device}: it {what}",
        subject=stray.path,
        origin=origins.origin(views.taken(stray.tensor) or labels.get(stray.tensor)),
        hint=stray.hint,
    )


def _outputs(output: Any, subject: Subject, known: set[str | None]) -> Iterator[Finding]:
    """Outputs on another device, unless the model put them there by name."""
    for path, tensor in tensors(output):
        if _same(tensor.device, subject.device) or tensor.is_meta:
            continue
        label = labels.get(tensor)
        if label is not None and _is_meant(label):
            continue
        culprit = find(label, subject.model)
        if culprit.name in known:
            continue
        known.add(culprit.name)
        yield Finding(
            code="SD107",
            message=f"{path} is on {tensor.device}, the model and its inputs on {subject.device}: "
            f"it was computed from `{culprit.name}`, which stayed behind",
            subject=culprit.name or path,
            origin=culprit.origin,
            hint=culprit.reached.hint if culprit.reached is not None else "make it with `device=x.device`",
        )


def _is_meant(label: Label) -> bool:
    """Whether the model said that it wants this on the host: by name, or by computing on what `.cpu()` gave it."""
    if label.named or any(root.named and root.from_device for root in label.roots):
        return True
    return bool(label.roots) and all(root.named for root in label.roots)


PLACEMENT = Check(
    name="placement",
    title="Placement",
    question="Is every tensor that the model can reach, and its output, on the device?",
    run=run,
)

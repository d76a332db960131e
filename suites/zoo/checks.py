"""The zoo's checks: those of `samedevice check`, found by name, and a round trip that 800 architectures can afford."""

from collections.abc import Iterator
from dataclasses import replace

from ...harness import catalog
from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotApplicable
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.target import Target
from .known import baselined
from .quietly import quietly

_FORWARD, _PLACEMENT = catalog.checks(("forward", "placement"))
(_PRETRAINED,) = catalog.format_checks(("pretrained",))


def fed(check: Check) -> Check:
    """The same check of a target that can be fed.

    What no forward ran through is not checked: neither a pass nor a finding would say much of it. The model is fed
    once beforehand, outside the check, and `NotChecked` says why that cannot be done.
    """

    def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
        if target.inputs is not None:
            target.inputs()
        yield from check.run(target, device)

    return replace(check, run=run)


def _trip(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """`save_pretrained` and back in this process alone, on the CPU.

    A fresh interpreter for each would take most of the time, and learn of transformers' classes what the first one did.
    """
    if device.kind != "cpu":
        raise NotApplicable("the zoo saves and loads on the CPU alone")
    yield from fed(_PRETRAINED).run(target, device)


ROUNDTRIP = replace(_PRETRAINED, name="roundtrip", title="Round trip", run=_trip)
CHECKS: tuple[Check, ...] = tuple(quietly(baselined(check)) for check in (fed(_FORWARD), fed(_PLACEMENT), ROUNDTRIP))

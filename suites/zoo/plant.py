"""Is a stray tensor that was planted in a healthy model found, and named?

The recall of the product: where the answer is no, a model with such a bug would have been called clean.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ...harness import catalog
from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotApplicable, NotChecked
from ...harness.finding import Finding, Severity
from ...harness.measure import Measure
from ...harness.target import Target
from .planting import Stray, plant

_FORWARD, _PLACEMENT = catalog.checks(("forward", "placement"))


def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """Plant one stray, and ask the checks `forward` and, where that does not name it, `placement`."""
    if device.kind == "cpu":
        raise NotApplicable("nothing strays from the CPU")
    if target.inputs is None:
        raise NotChecked("cannot be fed: no inputs are known, give --inputs")
    planted: list[Stray] = []

    def build() -> Any:
        model = target.build()
        planted.append(plant(model, target.inputs(), target.name))  # type: ignore[misc]
        return model

    sick = replace(target, build=build)
    told = _told(_FORWARD, sick, device)
    stray = planted[0]
    if not any(_names(finding, stray) for finding in told):
        told += _told(_PLACEMENT, sick, device)
    found, named = int(bool(told)), int(any(_names(finding, stray) for finding in told))
    for suffix in ("", f"_{stray.kind}"):
        yield Measure(name=f"found{suffix}", value=found, of=1)
        yield Measure(name=f"named{suffix}", value=named, of=1)
    if not named:
        yield _missed(stray, bool(found), told)


def _told(check: Check, target: Target, device: Device) -> list[Finding]:
    items = [item for item in check.run(target, device) if isinstance(item, Finding)]
    return [finding for finding in items if finding.severity is Severity.ERROR]


def _names(finding: Finding, stray: Stray) -> bool:
    return stray.name in (finding.subject or "") or stray.name in finding.message


def _missed(stray: Stray, found: bool, told: list[Finding]) -> Finding:
    what = f"a stray of the kind {stray.kind!r}, `{stray.name}` in `{stray.module}`,"
    told_of = ", ".join(f"`{finding.subject}`" for finding in told[:3])
    return Finding(
        code="SD910",
        severity=Severity.WARNING if found else Severity.ERROR,
        subject=f"{stray.module}.{stray.name}",
        message=f"{what} was {f'found and not named: blamed was {told_of}' if found else 'not found'}",
        hint="report it as a bug of samedevice, with the name of the architecture",
    )


PLANT = Check(
    name="plant",
    title="Planted stray",
    question="Is a stray tensor that was planted in a healthy model found, and named?",
    run=run,
)

"""What a run has asked, and whether that was enough to call a suppression stale."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from ..check import Check
from ..device import Device
from ..devices import CHECK_DEVICES
from ..result import Result, Status
from ..target import Target

Question = tuple[str, Device, str]


class Planned(Protocol):
    """A cell of a plan."""

    @property
    def target(self) -> Target:
        """Whom to ask."""

    @property
    def device(self) -> Device:
        """Where."""

    @property
    def check(self) -> Check:
        """What."""


# The checks that can report a family's codes. A family that is not here is never called stale.
_ON_DEVICES = ("placement", "forward", "backward", "step", "generate", "moves")
CHECKS: dict[str, tuple[str, ...]] = {
    "SD1": _ON_DEVICES,
    "SD2": (*_ON_DEVICES, "dtypes"),
    "SD3": ("transfers",),
    "SD5": ("roundtrip",),
    "SD7": ("audit",),
}
# Where a model can go wrong in its own way: a hard-coded `cuda:0` shows on the second card alone.
_DEVICES = tuple(word if ":" in word else f"{word}:0" for word in CHECK_DEVICES if word != "cpu")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`planned` are the questions of a run, `open` those whose result says nothing."""

    planned: frozenset[Question]
    open: frozenset[Question]

    def devices(self, target: str) -> frozenset[Device]:
        """The devices that the target was asked on."""
        return frozenset(device for name, device, _ in self.planned if name == target)

    def is_answered(self, target: str, code: str, devices: Iterable[Device] | None = None) -> bool:
        """Whether every check that can report the code was made of the target on each device.

        `devices` default to those that models go wrong on each in its own way: `cuda`, `cuda:1` and `mps`; the
        audit knows the CPU alone.
        """
        checks = CHECKS.get(code[:3], ())
        if code.startswith("SD7"):
            wanted = ["cpu"]
        else:
            wanted = list(_DEVICES) if devices is None else [device.name for device in devices]
        here = {device.name: device for device in self.devices(target)}
        if not checks or not wanted or not set(wanted) <= here.keys():
            return False
        questions = {(target, here[name], check) for name in wanted for check in checks}
        return questions <= self.planned - self.open


def asked_of(planned: Iterable[Planned], results: Iterable[Result]) -> Asked:
    """What a run asked, by its plan and by its results, and which of it was left open: broken, not checked.

    A cell of the plan without a result did not apply: that is an answer.
    """
    results = tuple(results)
    left = (result for result in results if result.status in (Status.ERROR, Status.NOT_CHECKED))
    cells = {(cell.target.name, cell.device, cell.check.name) for cell in planned}
    return Asked(
        planned=frozenset(cells | {(result.target, result.device, result.check) for result in results}),
        open=frozenset((result.target, result.device, result.check) for result in left),
    )

"""An encoding on the device under test, and findings about it."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from torch import nn

from ...harness.device import Device
from ...harness.finding import Finding
from ...harness.parity.branches import own_forward
from ...harness.target import Target
from ..attempt import Attempt, attempt

T = TypeVar("T")


def encoding_on(target: Target, device: Device) -> nn.Module:
    """A fresh encoding in evaluation mode on the device."""
    encoding: nn.Module = target.build().eval()
    return encoding.to(device.name)


def tried(encoding: nn.Module, subject: str, act: Callable[[], T], found: list[Finding]) -> T | None:
    """The value of `act`; None where it was cut short. What the device refused or the code raised goes to `found`."""
    outcome: Attempt[T] = attempt(encoding, act)
    found += outcome.refused
    if outcome.error is not None:
        message = f"{type(encoding).__name__} with {subject} raised {outcome.message}"
        found.append(
            Finding(code="SD803", subject=subject, message=message, origin=outcome.own_place, use=outcome.place)
        )
    return outcome.value


def once(found: list[Finding]) -> Iterator[Finding]:
    """Each finding once, in order."""
    yield from dict.fromkeys(found)


def broken(encoding: nn.Module, subject: str, wrong: str | None, found: list[Finding]) -> None:
    """Note a broken rule, where something is `wrong`; the line is where the encoding's forward begins."""
    if wrong is not None:
        found.append(Finding(code="SD803", subject=subject, message=wrong, origin=own_forward(encoding)))

"""A check: one question that can be asked of a target on a device."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .device import Device
from .finding import Finding
from .measure import Measure
from .target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question.

    `run(target, device)` is called with the device standing (a virtual one is entered already) and
    yields findings and measures; it prints nothing and catches nothing. It raises
    `errors.NotChecked` with a reason where the question does not apply.
    """

    name: str
    title: str
    question: str
    run: Callable[[Target, Device], Iterator[Finding | Measure]]

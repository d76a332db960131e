"""Elsewhere: what a model that was loaded on a device answers there, beside its twin on the CPU."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from ...harness.device import Device
from ...harness.errors import NotChecked
from ...harness.finding import Finding
from ...harness.formats import Format
from ...harness.observing import observe
from ...harness.roundtrip import Hand
from ...harness.roundtrip.running import Answer, answer, difference, is_rounding
from ...harness.subject import moved


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class At:
    """A model in hand on a device, whose loaded twins are asked there and on the CPU."""

    hand: Hand
    device: Device

    @property
    def can_be_fed(self) -> bool:
        """Whether there are inputs."""
        return self.hand.unfed is None

    def compared(self, fmt: Format, here: nn.Module, there: nn.Module) -> Iterator[Finding]:
        """A finding where the twin on the device answers neither what the one on the CPU does, nor what the hand does.

        Both were built under the same seeds from the same files, so that what a load does not restore is the same in
        both: it is reported on the CPU. A model that itself computes otherwise on a device is no matter of loading. A
        virtual device computes by the CPU, and must agree bit for bit; hardware may round otherwise.
        """
        host, device = self._answer(here, "cpu"), self._answer(there, self.device.name)
        if self._agree(host, device):
            return
        own = self._answer(self.hand.model, self.device.name)
        if own.error is not None or self._agree(own, device):
            return
        if not self._agree(own, self._answer(self.hand.model, self.device.name)):
            raise NotChecked(f"the state was compared, the answers were not: on {self.device.name} no two are the same")
        yield Finding(
            code="SD514",
            subject="output",
            message=f"the model that is loaded on {self.device.name} answers otherwise than the one that is loaded on "
            f"cpu from the same files: {difference(host, device)} ({fmt.title})",
            hint="let no part of the load depend on the device: make what is not saved on the CPU, and move it",
        )

    def _answer(self, model: nn.Module, place: str) -> Answer:
        inputs: Any = moved(self.hand.inputs, torch.device(place))
        seen = observe(model, lambda: answer(model, inputs))
        if seen.findings:  # mixed devices, which hardware would have refused
            return Answer(error=f"{seen.findings[0].message}")
        return seen.value if seen.value is not None else Answer(error="it was cut short")

    def _agree(self, one: Answer, other: Answer) -> bool:
        return one.equals(other) or (not self.device.virtual and is_rounding(one, other))

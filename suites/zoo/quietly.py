"""Checks without the remarks of transformers: eight hundred architectures have hundreds, about kernels and configs."""

from collections.abc import Iterator
from dataclasses import replace

from ...harness.check import Check
from ...harness.device import Device
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.roundtrip.quiet import quiet
from ...harness.target import Target


def quietly(check: Check) -> Check:
    """The same check; what the libraries would say on standard error, short of an error, is not said."""

    def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
        with quiet():
            yield from check.run(target, device)

    return replace(check, run=run)

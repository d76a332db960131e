"""Which operators of the model have no deterministic kernel on CUDA?

With `torch.use_deterministic_algorithms(True)` they raise; without, their sums run in another order every time.
"""

import re
import warnings
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from ...harness.device import Device
from ...harness.finding import Finding, Location, Severity
from ...harness.measure import Measure
from ...harness.observing import observe, session
from ...harness.parity.asking import ask
from ...harness.virtual.ledger import Alert

_ALERT = re.compile(r"(.+?) does not have a deterministic implementation")


def kernels(model: nn.Module, inputs: Any, device: Device) -> Iterator[Finding | Measure]:
    """A note for each: nothing is wrong for who does not need the same bits twice."""
    standing = session()
    found = _warned(model, inputs) if standing is None else _noted(model, inputs)
    yield Measure(name="nondeterministic_kernels", value=len({alert.kernel for alert in found}))
    for alert in dict.fromkeys(found):
        yield Finding(
            code="SD407",
            severity=Severity.NOTE,
            subject=alert.kernel,
            op=alert.op or None,
            message=f"`{alert.kernel}` has no deterministic implementation: `torch.use_deterministic_algorithms(True)` "
            f"raises on {device.name}" + (" (virtual: by PyTorch's documentation)" if device.virtual else ""),
            origin=alert.use,
            use=alert.use,
            hint="use a deterministic operator, or let it warn only: "
            "`torch.use_deterministic_algorithms(True, warn_only=True)`",
        )


def _noted(model: nn.Module, inputs: Any) -> list[Alert]:
    """What a virtual device notes of a forward that records gradients."""
    standing = session()
    assert standing is not None
    assert standing.ledger is not None
    standing.ledger.alerts.clear()
    observe(model, lambda: ask(model, inputs))
    found = [alert for alert in standing.ledger.alerts if alert.use is not None]
    return found or list(standing.ledger.alerts)


def _warned(model: nn.Module, inputs: Any) -> list[Alert]:
    """What a real device warns of in a forward and its backward."""
    before = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        torch.use_deterministic_algorithms(True, warn_only=True)
        try:
            ask(model, inputs)
        finally:
            torch.use_deterministic_algorithms(before[0], warn_only=before[1])
    alerts = []
    for one in caught:
        named = _ALERT.match(str(one.message))
        if named is not None:
            line = None if "/torch/" in one.filename else Location(file=one.filename, line=one.lineno)
            alerts.append(Alert(op="", kernel=named[1], use=line))
    return alerts

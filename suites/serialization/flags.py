"""Which flags and formats of tensors does a load not restore?

Most loaders restore neither `requires_grad` nor the memory format, by design. It is said, and fails nothing.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from ...harness.finding import Finding, Severity
from ...harness.measure import Measure
from ...harness.roundtrip import Question, Trip
from ...harness.roundtrip.state import entries


def ask(trip: Trip) -> Iterator[Finding | Measure]:
    """One note for each kind of flag, with the first names."""
    if trip.loaded is None:
        return
    before = {entry.name: entry.tensor for entry in entries(trip.hand.model)}
    after = {entry.name: entry.tensor for entry in entries(trip.loaded)}
    both = [name for name in before if name in after]
    frozen = [name for name in both if before[name].requires_grad != after[name].requires_grad]
    strided = [name for name in both if _stride_class(before[name]) != _stride_class(after[name])]
    for names, what in ((frozen, "requires_grad"), (strided, "the memory format")):
        if names:
            yield Finding(
                code="SD513",
                severity=Severity.NOTE,
                subject=names[0],
                message=f"{what} of {len(names)} tensors is not restored ({trip.fmt.title}): {', '.join(names[:4])}",
                hint="set it again after the load",
            )


def _stride_class(tensor: Tensor) -> str:
    if tensor.layout != torch.strided or tensor.is_contiguous():
        return str(tensor.layout)
    if 0 in tensor.stride():
        return "expanded"
    is_channels_last = tensor.dim() == 4 and tensor.is_contiguous(memory_format=torch.channels_last)
    return "channels last" if is_channels_last else "strided"


FLAGS = Question(name="flags", question="Which flags and formats does a load not restore?", ask=ask)

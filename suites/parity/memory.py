"""Does the answer depend on memory that nobody has written to?

It is right most of the time: `torch.empty` mostly finds zeros.
"""

from collections.abc import Iterator
from typing import Any

from torch import Tensor, nn

from ...harness.finding import Finding, Severity
from ...harness.measure import Measure
from ...harness.parity.blaming import named
from ...harness.parity.branches import raw
from ...harness.parity.repeating import in_poisoned_memory, poisoned_trace
from ...harness.roundtrip.running import Answer


def memory(model: nn.Module, inputs: Any, plain: Answer) -> Iterator[Finding | Measure]:
    """Fill fresh memory with NaN, as PyTorch can, and look for it in the answer."""
    filled = in_poisoned_memory(model, inputs)
    if filled.error is not None:
        return  # an index was read, or the deterministic kernel is missing: nothing certain
    path = next(_spoiled(plain, filled), None)
    if path is None:
        return
    passages = poisoned_trace(model, inputs)
    first = next((one for one in passages if not _has_nan(one.inputs) and _has_nan(one.outputs)), None)
    where = first.path if first is not None else ""
    module = model.get_submodule(where)
    blame = named(where, module, raw(type(module)), "NaN comes out")
    yield Finding(
        code="SD411",
        severity=Severity.WARNING,
        subject=blame.path or path,
        message=f"{path} depends on memory that nobody has written to{blame.text}",
        origin=blame.origin,
        hint="`torch.zeros` instead of `torch.empty`, or write to all of it first",
    )


def _spoiled(plain: Answer, filled: Answer) -> Iterator[str]:
    others = dict(filled.leaves)
    for path, value in plain.leaves:
        other = others.get(path)
        if _has_nan(((path, other),)) and not _has_nan(((path, value),)):
            yield path


def _has_nan(leaves: tuple[tuple[str, Any], ...]) -> bool:
    return any(isinstance(v, Tensor) and v.is_floating_point() and bool(v.isnan().any()) for _, v in leaves)

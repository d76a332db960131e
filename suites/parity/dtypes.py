"""Does the model run in half precision, bfloat16 and float64, and do its whole numbers stay whole?

A table that a forward makes in float32 meets half precision at the first matrix product: the model that trained well
raises where it is served.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotApplicable, NotChecked
from ...harness.finding import Finding, Severity
from ...harness.measure import Measure
from ...harness.observing import observe
from ...harness.parity.asking import ask
from ...harness.parity.casting import can_be_cast, cast, feed, registered
from ...harness.parity.mixing import MIXED
from ...harness.parity.repeating import seeded_build
from ...harness.roundtrip.running import answer
from ...harness.subject import moved
from ...harness.target import Target
from .mixed import mixed
from .spoiled import spoiled

HALVES = (torch.float16, torch.bfloat16)
DTYPES_HERE = (*HALVES, torch.float64)
# What a CPU or a device says of a dtype that a kernel of it does not have.
_NO_KERNEL = "not implemented for"


def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """On the CPU, in all three; on a device, in the two of them that it may have no kernels for."""
    if target.inputs is None:
        raise NotChecked("cannot be fed: no inputs are known, give --inputs")
    model = seeded_build(target.build)
    if not can_be_cast(model):
        raise NotApplicable("no parameter or buffer is a floating number")
    inputs = moved(target.inputs(), torch.device("cpu"))
    wanted = DTYPES_HERE if device.kind == "cpu" else HALVES
    ran, reasons = 0, []
    for dtype in wanted:
        asked = _here(target, inputs, dtype) if device.kind == "cpu" else _there(target, inputs, dtype, device)
        reason = None
        for item in asked:
            if isinstance(item, str):
                reason = item
            else:
                yield item
        ran += reason is None
        reasons += [] if reason is None else [f"{_name(dtype)}: {reason}"]
    yield Measure(name="dtypes_run", value=ran)
    if not ran and reasons:
        # Where the reason is the model's, the CPU's cell tells it.
        raise (NotChecked if device.kind == "cpu" else NotApplicable)("; ".join(reasons))


def _here(target: Target, inputs: Any, dtype: torch.dtype) -> Iterator[Finding | str]:
    """Findings of one dtype on the CPU, or a text that says why it was not asked."""
    model = seeded_build(target.build)
    severity = Severity.WARNING if claims(model) and dtype in HALVES else Severity.NOTE
    before = {name: tensor.clone() for name, tensor in registered(model).items() if not tensor.is_floating_point()}
    try:
        cast(model, dtype)
    except (RuntimeError, TypeError, ValueError, NotImplementedError) as refusal:
        yield f"it was not cast: {' '.join(str(refusal).split())[:200]}"
        return
    for finding in spoiled(model, before, dtype):
        yield replace(finding, severity=severity)
    fed = feed(inputs, dtype)
    reply = ask(model, fed)
    error = reply.answer.error
    if error is None:
        return
    if _NO_KERNEL in error:
        yield f"the CPU has no kernel: {error}"
        return
    plain = answer(seeded_build(target.build), inputs)
    if plain.error is not None:
        yield f"it cannot be called at all: {plain.error}"
    elif MIXED.search(error):
        if answer(model, inputs).error is None:
            return  # it casts what it is fed, where it wants that
        yield replace(mixed(model, fed, dtype, error), severity=severity)
    else:
        yield f"it cannot be called so: {error}"


def _there(target: Target, inputs: Any, dtype: torch.dtype, device: Device) -> Iterator[Finding | str]:
    """What the device itself has no kernel for; everything else is asked on the CPU."""
    model = seeded_build(target.build)
    severity = Severity.WARNING if claims(model) else Severity.NOTE
    try:
        cast(model, dtype)
    except (RuntimeError, TypeError, ValueError, NotImplementedError) as refusal:
        yield f"it was not cast: {' '.join(str(refusal).split())[:200]}"
        return
    place = torch.device(device.name)
    model.to(place)
    fed = moved(feed(inputs, dtype), place)
    seen = observe(model, lambda: answer(model, fed))
    yield from (replace(f, severity=severity) for f in seen.findings if f.code == "SD204")
    error = seen.value.error if seen.value is not None else None
    if error is None:
        return
    if _NO_KERNEL in error and not device.virtual:
        yield Finding(code="SD204", severity=severity, subject=_name(dtype), message=error, hint=_WIDER)
    else:
        yield error


_WIDER = "compute this one step in float32: `f(x.float()).to(x.dtype)`"


def claims(model: nn.Module) -> bool:
    """Whether anybody promised that a model runs in low precision: its library, by `dtype=`, or the model, by being so.

    For any other, not running in half precision is worth a note and no more.
    """
    names = {cls.__name__ for cls in type(model).__mro__}
    low = any(t.dtype in HALVES for t in registered(model).values())
    return low or "PreTrainedModel" in names


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


DTYPES = Check(
    name="dtypes",
    title="Dtypes",
    question="Does the model run in half precision, bfloat16 and float64?",
    run=run,
)

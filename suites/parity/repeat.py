"""Does the second call answer what the first did, with the same seeds, in evaluation mode?"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from ...harness.finding import Finding, Severity
from ...harness.measure import Measure
from ...harness.parity.blaming import Blame, named
from ...harness.parity.branches import entropy, forward_line
from ...harness.parity.repeating import Twice, built_anew, put_back
from ...harness.parity.tracing import parting, trace
from ...harness.roundtrip.running import Answer, difference
from ...harness.roundtrip.sources import assigned
from ...harness.target import Target


def repeat(
    asked: Twice, target: Target, model: nn.Module, inputs: Any, place: torch.device
) -> Iterator[Finding | Measure]:
    """A note where a call leaves the model changed; an error where no seed and no state explain another answer."""
    yield Measure(name="same_answers", value=int(asked.gap is None))
    if asked.gap is None:
        return
    if put_back(model, inputs) is None:
        yield _changed(model, asked)
        return
    gap, same_state = built_anew(target.build, inputs, place)
    if gap is None or not same_state:
        # An object that counts or draws, and whose state nobody can put back; or a factory that never builds the same.
        yield _changed(model, asked)
        return
    blame = _blame(model, inputs)
    yield Finding(
        code="SD405",
        subject=blame.path or "output",
        message=f"the same call of the same model with the same seeds gives something else: {gap}{blame.text}",
        origin=blame.origin,
        hint="seed what is drawn from (`torch.Generator`, `np.random.default_rng(seed)`), and use no clock, no entropy "
        "of the system and no memory that was not written to",
    )


def _changed(model: nn.Module, asked: Twice) -> Finding:
    path = next(iter(asked.changed), None)
    others = ", ".join(f"`{name}`" for name in asked.changed[:4])
    holder, _, name = (path or "").rpartition(".")
    try:
        place = assigned(model.get_submodule(holder), name) if path else None
    except AttributeError:
        place = None
    return Finding(
        code="SD410",
        severity=Severity.NOTE,
        subject=path or "output",
        message=f"a call in evaluation mode changes what the next one answers: {asked.gap}"
        + (f"; it writes to {others}" if others else ""),
        origin=place,
        hint="write in training only (`if self.training:`); state that a model is meant to carry along needs no mend",
    )


def _blame(model: nn.Module, inputs: Any) -> Blame:
    """The first module that differs from one call to the next with the same inputs."""

    def gap(one: Any, other: Any) -> str | None:
        return difference(Answer(leaves=(("it", one),)), Answer(leaves=(("it", other),)))

    parted = parting(trace(model, inputs), trace(model, inputs), gap)
    if parted is None:
        return Blame(origin=entropy(type(model)) or forward_line(type(model)))
    module = model.get_submodule(parted.path)
    return named(parted.path, module, entropy(type(module)), parted.text)

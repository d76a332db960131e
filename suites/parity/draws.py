"""Is the answer in evaluation mode drawn from a random generator?"""

from collections.abc import Iterator
from typing import Any

from torch import nn

from ...harness.finding import Finding, Severity
from ...harness.measure import Measure
from ...harness.naming import source_line
from ...harness.parity.repeating import OTHER_SEED, Twice, with_seed
from ...harness.parity.watching import Draw
from ...harness.parity.watching import draws as drawn_by
from ...harness.roundtrip.running import difference


def draws(model: nn.Module, inputs: Any, asked: Twice) -> Iterator[Finding | Measure]:
    """A warning for dropout that evaluation mode does not turn off; a note for anything else that is drawn."""
    if not asked.drew:
        return
    gap = difference(asked.first, with_seed(model, inputs, OTHER_SEED))
    if gap is None:
        return
    found = drawn_by(model, inputs) if "torch" in asked.drew else ()
    dropping = [draw for draw in found if draw.drops]
    if dropping:
        yield from map(_active, dropping)
        return
    first = found[0] if found else None
    yield Finding(
        code="SD409",
        severity=Severity.NOTE,
        subject=first.name if first else asked.drew[0],
        message=f"with another seed ({', '.join(asked.drew)}) the model answers otherwise in evaluation mode: {gap}"
        + _at(first),
        origin=first.line if first else None,
        hint="nothing is wrong where a model is meant to sample; its tests need a seed",
    )


def _active(draw: Draw) -> Finding:
    return Finding(
        code="SD408",
        severity=Severity.WARNING,
        subject=draw.name,
        message=f"`{draw.name}` drops out in evaluation mode" + _at(draw),
        origin=draw.line,
        hint="`F.dropout(x, p, training=self.training)`, or an `nn.Dropout` that is registered with the model",
    )


def _at(draw: Draw | None) -> str:
    code = source_line(draw.line.file, draw.line.line) if draw is not None and draw.line is not None else ""
    return f", at `{code}`" if code else ""

"""Does a row answer alone what it answers in a batch?

If not, a user's answer depends on whose question was asked at the same time.
"""

from collections.abc import Iterator
from typing import Any

from torch import Tensor, nn

from ...harness.finding import Finding, Severity
from ...harness.measure import Measure
from ...harness.parity.asking import both
from ...harness.parity.blaming import between
from ...harness.parity.feeding import first_row
from ...harness.parity.yardstick import in_float64
from ...harness.roundtrip.running import Answer
from ..closeness import gap


def batches(model: nn.Module, inputs: Any) -> Iterator[Finding | Measure]:
    """Ask for the first row alone, where the inputs say what a row is."""
    given = first_row(inputs)
    if given is None:
        return
    batch, alone, size = given
    text, asked = apart(model, batch, alone, size), model
    if text is None:
        return
    yield Measure(name="rows_alone", value=1)
    if text and (exact := in_float64(model)) is not None:
        text, asked = apart(exact, batch, alone, size), exact
    if text:
        blame = between(asked, (alone, batch), _row)
        yield Finding(
            code="SD403",
            severity=Severity.NOTE if blame.by_library else Severity.WARNING,
            subject=blame.path or text.partition(":")[0],
            message=f"the first of {size} rows alone gives something else than in its batch: {text}{blame.text}",
            origin=blame.origin,
            hint="look for statistics or a `softmax` over dimension 0, and for a capacity that rows share",
        )


def apart(model: nn.Module, batch: Any, alone: Any, size: int) -> str | None:
    """What to say of the row; empty where it agrees, None where it was not asked: it fails alone, or draws."""
    answers = both(model, batch, alone)
    pairs = [] if answers is None else list(rows(*answers, size))
    if not pairs:
        return None
    texts = (f"{path}: {text}" for path, one, other in pairs if (text := gap(one, other)))
    return next(texts, "")


def rows(whole: Answer, single: Answer, size: int) -> Iterator[tuple[str, Tensor, Tensor]]:
    """Outputs that have a first dimension of rows in both, with the row in question."""
    others = dict(single.leaves)
    for path, value in whole.leaves:
        other = others.get(path)
        if not isinstance(value, Tensor) or not isinstance(other, Tensor) or not value.dim() or not other.dim():
            continue
        if value.shape[0] == size and other.shape == (1, *value.shape[1:]):
            yield path, other, value[:1].to(other.dtype)


def _row(single: Any, whole: Any) -> str | None:
    """The same of what goes through a module; what is no batch of rows cannot be compared."""
    if not isinstance(single, Tensor) or not isinstance(whole, Tensor) or not single.dim() or not whole.dim():
        return None
    same = single.shape[0] == 1 and single.shape[1:] == whole.shape[1:]
    return gap(single, whole[:1]) if same else None

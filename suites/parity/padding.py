"""Does padding that the mask hides change the answer?

If it does, what a model says depends on how long the other texts of its batch are.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from torch import Tensor, nn

from ...harness.finding import Finding, Severity
from ...harness.measure import Measure
from ...harness.parity.asking import both
from ...harness.parity.blaming import between
from ...harness.parity.feeding import CUT, Padded, Side, padded
from ...harness.parity.yardstick import in_float64
from ..closeness import gap


def padding(model: nn.Module, inputs: Any) -> Iterator[Finding | Measure]:
    """Ask with masked tokens on the right, and on the left where positions can be given."""
    asked = 0
    for side in Side:
        given = padded(model, inputs, side)
        text, at = None if given is None else apart(model, given, side), model
        if given is None or text is None:
            continue
        asked += 1
        if text and (exact := in_float64(model)) is not None:
            text, at = apart(exact, given, side), exact
        if text:
            blame = between(at, (given.plain, given.padded), partial(_narrowed, side))
            yield Finding(
                code="SD404",
                severity=Severity.NOTE if blame.by_library else Severity.WARNING,
                subject=blame.path or text.partition(":")[0],
                message=f"{CUT} tokens on the {side} that `attention_mask` hides change the answer: {text}{blame.text}",
                origin=blame.origin,
                hint="let attention, means over tokens, positions and the choice of the last token all heed the mask",
            )
    if asked:
        yield Measure(name="padded_sides", value=asked)


def apart(model: nn.Module, given: Padded, side: Side) -> str | None:
    """What to say of the padded answer; empty where it agrees, None where it was not asked: it fails, or draws."""
    answers = both(model, given.plain, given.padded)
    if answers is None:
        return None
    plain, others = answers[0], dict(answers[1].leaves)
    texts = []
    for path, value in plain.leaves:
        if isinstance(value, Tensor) and isinstance(others.get(path), Tensor):
            kept = _kept(value, others[path], given, side)
            if kept is not None:
                texts.append((path, gap(*kept)))
    return next((f"{path}: {text}" for path, text in texts if text), "") if texts else None


def _kept(plain: Tensor, other: Tensor, given: Padded, side: Side) -> tuple[Tensor, Tensor] | None:
    """The numbers at tokens that no mask hides, of both, and all of a decoder's; None for outputs of another shape.

    What is pooled is not compared: from the first or last token, it rightly moves with the padding of the other side.
    """
    mask = given.plain["attention_mask"].bool()
    if "decoder_input_ids" in given.plain and plain.shape == other.shape:
        return plain, other
    if plain.dim() < 2 or plain.shape[:2] != mask.shape:
        return None
    if other.shape != (plain.shape[0], given.length + CUT, *plain.shape[2:]):
        return None
    there = other[:, : given.length] if side is Side.RIGHT else other[:, CUT:]
    return plain[mask], there[mask]


def _narrowed(side: Side, plain: Any, other: Any) -> str | None:
    """The same of what goes through a module: every dimension that the padding made longer is cut back."""
    if not isinstance(plain, Tensor) or not isinstance(other, Tensor) or plain.dim() != other.dim():
        return None
    for axis, (short, long) in enumerate(zip(plain.shape, other.shape, strict=True)):
        if long == short + CUT:
            other = other.narrow(axis, 0 if side is Side.RIGHT else CUT, short)
    return gap(plain, other) if plain.shape == other.shape and plain.is_floating_point() else None

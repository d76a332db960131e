"""Does a relative encoding depend on distances alone, and an absolute one on the position?

Where the answer is no, a relative method learns where a problem stands in its context window, and an absolute
one does not tell the places of its tokens apart at all.
"""

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor, nn

from ...harness.check import Check
from ...harness.device import Device
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.target import Target
from ...models.encodings.diet_abs import DietAbs
from ...models.encodings.none import NoPosition
from ..closeness import allowance, difference
from .feed import Feed, cast, encode, feed, pattern, place_of, span
from .trial import broken, encoding_on, once, tried

LENGTH, SHIFT = 24, 37


def claims_shift_invariance(encoding: nn.Module, like: Feed) -> bool:
    """True for what must not see a common shift: rotations, biases but for DIET-ABS, and no encoding at all."""
    if place_of(like) == "embedding":
        return isinstance(encoding, NoPosition)
    return not isinstance(encoding, DietAbs)


def _run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    like = pattern(target)
    encoding = encoding_on(target, device)
    content = feed(like, span(0, LENGTH))
    found: list[Finding] = []
    here = tried(encoding, "positions from 0", partial(_seen, encoding, _moved(content, 0), device.name), found)
    there = tried(
        encoding, f"positions from {SHIFT}", partial(_seen, encoding, _moved(content, SHIFT), device.name), found
    )
    if here is not None and there is not None:
        # Angles are products in float32: one unit in the last place of a position is one in the angle.
        wrong = difference(there, here, allowance(here) * SHIFT)
        if claims_shift_invariance(encoding, like):
            said = None if wrong is None else f"a shift of all positions by {SHIFT} changes what a query sees: {wrong}"
        else:
            said = None if wrong is not None else f"a shift of all positions by {SHIFT} changes nothing"
        broken(encoding, "shift", said, found)
    yield from once(found)


def _moved(content: Feed, shift: int) -> Feed:
    """The same content at positions `shift` further on."""
    return {name: tensor + shift if name.endswith("positions") else tensor for name, tensor in content.items()}


def _seen(encoding: nn.Module, arguments: Feed, place: str) -> Tensor:
    """What attention sees of it: scores of a rotation, a bias as it is, an embedding as it is."""
    with torch.no_grad():
        first, *rest = encode(encoding, cast(arguments, device=place))
    return first @ rest[0].transpose(-1, -2) if rest else first


SHIFTED = Check(
    name="shift",
    title="Shift",
    question="Does a relative encoding depend on distances alone, and an absolute one on the position?",
    run=_run,
)

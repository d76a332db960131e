"""Are real tokens encoded the same with padding on either side?

Positions are counted from the first real token, as the reasoner counts them. Where the answer is no, an
encoding looks at the index in the row or at its neighbours, and an answer depends on what else is in the batch.
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
from ...models.positions import query_positions
from ..closeness import difference
from .feed import cast, encode, feed, pattern, place_of
from .trial import broken, encoding_on, once, tried

REAL_TOKENS, PADDED = 12, 5


def _run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    like = pattern(target)
    encoding = encoding_on(target, device)
    found: list[Finding] = []
    run = partial(_outputs, encoding, like, device.name)
    alone = tried(encoding, "no padding", partial(run, torch.ones(1, REAL_TOKENS)), found)
    for side, start in (("left", PADDED), ("right", 0)):
        mask = torch.zeros(1, REAL_TOKENS + PADDED)
        mask[:, start : start + REAL_TOKENS] = 1
        padded = tried(encoding, f"padding on the {side}", partial(run, mask), found)
        for expected, actual in zip(alone or (), padded or (), strict=False):
            real = _real(actual, slice(start, start + REAL_TOKENS), place_of(like) == "bias")
            broken(encoding, f"padding on the {side}", _said(difference(real, expected)), found)
    yield from once(found)


def _outputs(encoding: nn.Module, like: dict[str, Tensor], place: str, mask: Tensor) -> tuple[Tensor, ...]:
    positions = query_positions(mask.unsqueeze(-1), mask, 0)
    arguments = feed(like, positions)
    # What stands at the padding is arbitrary: here it is large.
    for name, tensor in arguments.items():
        if tensor.is_floating_point():
            where = mask[:, :, None] if name == "hidden" else mask[:, None, :, None]
            arguments[name] = torch.where(where.bool(), tensor, 100.0)
    with torch.no_grad():
        return encode(encoding, cast(arguments, device=place))


def _real(output: Tensor, tokens: slice, is_bias: bool) -> Tensor:
    return output[..., tokens, tokens] if is_bias else output[..., tokens, :]


def _said(wrong: str | None) -> str | None:
    return None if wrong is None else f"real tokens are encoded otherwise than alone: {wrong}"


PADDING = Check(
    name="padding",
    title="Padding",
    question="Are real tokens encoded the same with padding on either side?",
    run=_run,
)

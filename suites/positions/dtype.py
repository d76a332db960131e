"""Is an encoding right in float32, bfloat16 and float16?

Where the answer is no, mixed-precision training loses the places of its tokens: bfloat16 holds whole
numbers up to 256 only, so positions and angles must not be computed in it.
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
from ..closeness import allowance, difference
from .feed import Feed, cast, encode, feed, pattern, place_of, span
from .trial import broken, encoding_on, once, tried

DTYPES = (torch.float32, torch.bfloat16, torch.float16)

# Far enough that neighbouring positions are one number in bfloat16 and float16.
START, STOP = 4000, 4032

# Half-precision weights are rounded once when cast and each output once or twice more.
_UNITS = 8


def _run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    like = pattern(target)
    is_bias = place_of(like) == "bias"
    arguments = feed(like, span(START, STOP))
    found: list[Finding] = []
    reference = tried(target.build(), "float32 on the CPU", partial(_encoded, target.build().eval(), arguments), found)
    for dtype in DTYPES:
        encoding = encoding_on(target, device).to(dtype)
        given = cast(arguments, device=device.name, dtype=dtype)
        outputs = tried(encoding, str(dtype), partial(_encoded, encoding, given), found)
        for output, expected in zip(outputs or (), reference or (), strict=False):
            broken(encoding, str(dtype), _wrong(output, expected, dtype, is_bias), found)
    yield from once(found)


def _encoded(encoding: nn.Module, arguments: Feed) -> tuple[Tensor, ...]:
    with torch.no_grad():
        return encode(encoding, arguments)


def _wrong(output: Tensor, expected: Tensor, dtype: torch.dtype, is_bias: bool) -> str | None:
    # A bias may stay in float32: attention adds it to its scores.
    if output.dtype != dtype and not (is_bias and output.dtype == torch.float32):
        return f"the output is of {output.dtype}, expected {dtype}"
    return difference(output.float(), expected, allowance(expected.to(dtype), _UNITS if dtype != torch.float32 else 64))


DTYPE = Check(
    name="dtype",
    title="Dtypes",
    question="Is an encoding right in float32, bfloat16 and float16?",
    run=_run,
)

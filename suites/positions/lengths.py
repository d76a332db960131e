"""Does an encoding work at any length from 1 to 4096?

Where the answer is no, a model that was trained on short problems stops at the first long one: an index beyond a
table, or a number that overflows.
"""

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor

from ...harness.check import Check
from ...harness.device import Device
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.target import Target
from ...models.encodings.method import Place
from .feed import Feed, cast, encode, feed, pattern, place_of, span
from .trial import broken, encoding_on, once, tried

TRIED = (1, 2, 3, 7, 64, 65, 255, 1024, 4096)

# A bias holds Tq x Tk numbers for each head: as many queries, at the far end, as show every distance.
MOST_QUERIES = 16


def _run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    like = pattern(target)
    place = place_of(like)
    assert place is not None
    encoding = encoding_on(target, device)
    found: list[Finding] = []
    for length in TRIED:
        subject = f"length {length}"
        queries = span(max(0, length - MOST_QUERIES), length) if place == "bias" else None
        arguments = cast(feed(like, span(0, length), queries), device=device.name)
        with torch.no_grad():
            outputs = tried(encoding, subject, partial(encode, encoding, arguments), found)
        if outputs is not None:
            broken(encoding, subject, _wrong(outputs, arguments, place), found)
    yield from once(found)


def _wrong(outputs: tuple[Tensor, ...], arguments: Feed, place: Place) -> str | None:
    shapes = [tuple(output.shape) for output in outputs]
    wanted = [tuple(arguments[name].shape) for name in ("hidden", "query", "key") if name in arguments]
    if place == "bias":
        # Any number of heads: the target's inputs do not say how many there are.
        heads = shapes[0][1] if len(shapes[0]) == 4 else 1
        wanted = [(1, heads, arguments["query_positions"].shape[1], arguments["key_positions"].shape[1])]
    if shapes != wanted:
        return f"the outputs have shapes {shapes}, expected {wanted}"
    unbounded = sum(int((~output.isfinite()).sum()) for output in outputs)
    return f"{unbounded} numbers are not finite" if unbounded else None


LENGTHS = Check(
    name="lengths",
    title="Lengths",
    question="Does an encoding work at any length from 1 to 4096?",
    run=_run,
)

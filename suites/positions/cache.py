"""Is a token encoded the same alone, as with a cache, as among all the others?

Generation reads one token at a time. Where the answer is no, an encoding counts from the start of what it is
given, every new token stands at position 0, and generated text falls apart.
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
from ..closeness import difference
from .feed import Feed, cast, encode, feed, pattern, place_of, span
from .trial import broken, encoding_on, once, tried

PAST, LENGTH = 20, 24


def _run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    like = pattern(target)
    encoding = encoding_on(target, device)
    found: list[Finding] = []
    run = partial(_encoded, encoding, device.name)
    # An embedding sees the new tokens only; a rotation and a bias see new queries and all keys.
    keys = span(PAST, LENGTH) if place_of(like) == "embedding" else span(0, LENGTH)
    whole = tried(encoding, "the whole text", partial(run, feed(like, span(0, LENGTH))), found)
    step = tried(encoding, "a cache", partial(run, feed(like, keys, span(PAST, LENGTH))), found)
    for expected, actual in zip(whole or (), step or (), strict=False):
        # All that was given, at its end: of the keys of a rotation that is everything.
        wrong = difference(actual, expected[..., -actual.shape[-2] :, :])
        broken(
            encoding,
            "a cache",
            None if wrong is None else f"tokens {PAST} to {LENGTH - 1} are encoded anew: {wrong}",
            found,
        )
    yield from once(found)


def _encoded(encoding: nn.Module, place: str, arguments: Feed) -> tuple[Tensor, ...]:
    with torch.no_grad():
        return encode(encoding, cast(arguments, device=place))


CACHE = Check(
    name="cache",
    title="Cache",
    question="Is a token encoded the same alone, as with a cache, as among all the others?",
    run=_run,
)

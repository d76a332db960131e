"""Does an encoding come back from its state dict exactly as it was saved?

Where the answer is no, part of what it learned is not in the state dict, or what is rebuilt is rebuilt otherwise.
"""

from collections.abc import Iterator
from functools import partial
from io import BytesIO

import torch
from torch import nn

from ...harness.check import Check
from ...harness.device import Device
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.target import Target
from ..state import stir, unequal
from .feed import Feed, cast, encode, feed, pattern, span
from .trial import encoding_on, once, tried

LENGTH = 32


def _run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    like = pattern(target)
    encoding, again = encoding_on(target, device), encoding_on(target, device)
    # Learned values, as after a training: what is lost must not equal what is built anew.
    stir(encoding)
    arguments = cast(feed(like, span(0, LENGTH)), device=device.name)
    found: list[Finding] = []
    losses = tried(encoding, "a state dict", partial(_there_and_back, encoding, again, arguments), found)
    yield from once(found)
    for subject, message in losses or ():
        yield Finding(code="SD501", subject=subject, message=message)


def _there_and_back(encoding: nn.Module, again: nn.Module, arguments: Feed) -> list[tuple[str, str]]:
    file = BytesIO()
    torch.save(encoding.state_dict(), file)
    file.seek(0)
    again.load_state_dict(torch.load(file, weights_only=True))
    losses = list(unequal(encoding.state_dict(), again.state_dict()))
    with torch.no_grad():
        pairs = list(zip(encode(encoding, arguments), encode(again, arguments), strict=True))
    if not losses and not all(torch.equal(before, after) for before, after in pairs):
        losses.append(("output", "the state dict came back and the output did not: there is more state than it holds"))
    return losses


ROUNDTRIP = Check(
    name="roundtrip",
    title="Round trip",
    question="Does an encoding come back from its state dict exactly as it was saved?",
    run=_run,
)

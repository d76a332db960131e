"""Does every parameter of an encoding learn, and does the gradient pass through to what lies before?

Where the answer is no, a parameter keeps its initial value through the whole training and nobody notices.
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
from .feed import Feed, cast, encode, feed, pattern, span
from .trial import broken, encoding_on, once, tried

LENGTH = 48


def _run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    like = pattern(target)
    encoding = encoding_on(target, device).train()
    arguments = cast(feed(like, span(0, LENGTH)), device=device.name)
    for tensor in arguments.values():
        tensor.requires_grad_(tensor.is_floating_point())
    found: list[Finding] = []
    if tried(encoding, "a backward pass", partial(_backward, encoding, arguments), found):
        for name, tensor in (*encoding.named_parameters(), *arguments.items()):
            if tensor.requires_grad:
                broken(encoding, name, _wrong(tensor), found)
    yield from once(found)


def _backward(encoding: nn.Module, arguments: Feed) -> bool:
    # Squares, since a plain sum of rotated pairs has gradients that may cancel.
    loss = sum((output.float() + 1.0).square().mean() for output in encode(encoding, arguments))
    if isinstance(loss, Tensor) and loss.requires_grad:
        torch.autograd.backward(loss)
    return True


def _wrong(tensor: Tensor) -> str | None:
    if tensor.grad is None:
        return "it receives no gradient"
    if not bool(tensor.grad.isfinite().all()):
        return f"{int((~tensor.grad.isfinite()).sum())} of {tensor.grad.numel()} gradients are not finite"
    return None if bool(tensor.grad.any()) else "all of its gradients are zero"


GRADIENT = Check(
    name="gradient",
    title="Gradient",
    question="Does every parameter of an encoding learn, and does the gradient pass through?",
    run=_run,
)

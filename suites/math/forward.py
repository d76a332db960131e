"""Does a forward pass work for every problem?

The seeds' first number. Where the answer is no, training stops at its first batch: a parameter of the
position encoding stayed on the CPU, an argument was passed twice, or a shape does not fit.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor

from ...harness.check import Check
from ...harness.device import Device
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.target import Target
from ..attempt import attempt
from .problems import Problem
from .simulation import Trial, cut_short, misplaced, model_on, prompts, tally, wrong


def _run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    model = model_on(target, device.name)
    feeds = list(prompts(device.name))
    # The first call of all pays for the start of kernels and caches: it is made twice and timed once.
    start = attempt(model, partial(_logits, model, feeds[0][1]))
    trials = [_trial(model, problem, inputs, device) for problem, inputs in feeds]
    yield from tally("forward", start, trials)


def _trial(model: Any, problem: Problem, inputs: dict[str, Tensor], device: Device) -> Trial:
    tried = attempt(model, partial(_logits, model, inputs))
    if tried.value is None:
        return cut_short("SD801", problem, tried)
    logits, unbounded = tried.value
    what = _wrong(logits, unbounded, (*inputs["input_ids"].shape, model.config.vocab_size))
    if what is not None:
        return Trial(attempt=tried, flaw=wrong("SD801", problem.name, what, model))
    return Trial(attempt=tried, flaw=misplaced("logits", logits, device, problem))


def _logits(model: Any, inputs: dict[str, Tensor]) -> tuple[Tensor, int]:
    """The logits and how many are not finite: asking the device for that number waits until it is done."""
    with torch.no_grad():
        logits: Tensor = model(**inputs).logits
    return logits, int((~logits.isfinite()).sum())


def _wrong(logits: Tensor, unbounded: int, shape: tuple[int, ...]) -> str | None:
    if tuple(logits.shape) != shape:
        return f"the logits have shape {list(logits.shape)}, expected {list(shape)}"
    return f"{unbounded} of {logits.numel()} logits are not finite" if unbounded else None


FORWARD = Check(
    name="forward",
    title="Forward",
    question="Does a forward pass work for every problem?",
    run=_run,
)

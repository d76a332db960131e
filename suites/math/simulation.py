"""The simulation: a causal language model meets the twenty problems, one at a time, as a user would send them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from ...harness.device import Device
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.parity.branches import own_forward
from ...harness.target import Target
from ...models.tokenizer import byte_tokenizer, encode_prompts
from ..attempt import Attempt
from .problems import PROBLEMS, Problem

SEED = 20
ACTIVITIES = {"SD801": "the forward pass", "SD802": "generation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a model made of one problem: nothing wrong, a `flaw` of its own, or something that the device refused."""

    attempt: Attempt[Any]
    flaw: Finding | None = None

    @property
    def is_good(self) -> bool:
        """True where nothing is wrong."""
        return self.flaw is None and not self.attempt.refused


def model_on(target: Target, place: str) -> Any:
    """A fresh model in evaluation mode on the device named `place`; the same weights at each call."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(SEED)
        model = target.build()
    return model.eval().to(place)


def prompts(place: str) -> Iterator[tuple[Problem, dict[str, Tensor]]]:
    """Each problem with its `input_ids` and `attention_mask`, [1,T] on the device named `place`, byte by byte."""
    tokenizer = byte_tokenizer()
    for problem in PROBLEMS:
        encoded = encode_prompts(tokenizer, [problem.prompt])
        yield problem, {name: tensor.to(place) for name, tensor in encoded.items()}


def raised(code: str, subject: str, what: str, tried: Attempt[Any]) -> Finding:
    """The finding for a try of `what` that ended in an error: what was raised, and where."""
    return Finding(
        code=code, subject=subject, message=f"{what} raised {tried.message}", origin=tried.own_place, use=tried.place
    )


def cut_short(code: str, problem: Problem, tried: Attempt[Any]) -> Trial:
    """A try without a value. If the device refused, that is the finding; otherwise there is an error to report."""
    flaw = None if tried.error is None else raised(code, problem.name, ACTIVITIES[code], tried)
    return Trial(attempt=tried, flaw=flaw)


def tally(activity: str, start: Attempt[Any], trials: Sequence[Trial]) -> Iterator[Finding | Measure]:
    """All that was found, each thing once, the success rate, the device errors, and the mean time of the successes.

    `start` is a try that is not counted; what the device refused in it, or while the model moved, is found too.
    """
    yield from refusals([start, *(trial.attempt for trial in trials)])
    yield from merged(trial.flaw for trial in trials if trial.flaw is not None)
    good = [trial.attempt.seconds for trial in trials if trial.is_good]
    yield Measure(name=f"{activity}_success", value=len(good), of=len(trials))
    yield Measure(name="device_errors", value=sum(bool(trial.attempt.refused) for trial in trials))
    if good:
        yield Measure(name=f"{activity}_seconds", value=sum(good) / len(good))


def refusals(tries: Iterable[Attempt[Any]]) -> Iterator[Finding]:
    """What the device refused in all of them, each thing once."""
    yield from dict.fromkeys(finding for tried in tries for finding in tried.refused)


def merged(flaws: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, those that say the same of several problems as one: `arithmetic.sum and 19 more problems`."""
    alike: dict[tuple[str, str], list[Finding]] = {}
    for flaw in flaws:
        alike.setdefault((flaw.code, flaw.message), []).append(flaw)
    for first, *others in alike.values():
        more = "" if not others else f" and {len(others)} more problem" + ("s" if len(others) > 1 else "")
        yield replace(first, subject=f"{first.subject}{more}")


def wrong(code: str, subject: str, message: str, model: Any) -> Finding:
    """The finding for a model that raised nothing and gave what it must not: the line is where its forward begins."""
    return Finding(code=code, subject=subject, message=message, origin=own_forward(model))


def misplaced(name: str, tensor: Tensor, device: Device, problem: Problem) -> Finding | None:
    """A finding where the model's output is not on `device`."""
    if str(tensor.device) == device.name:
        return None
    message = f"the {name} are on {tensor.device}, expected {device.name}"
    hint = f"leave the {name} on the device that the inputs came on"
    return Finding(code="SD107", subject=problem.name, message=message, hint=hint)

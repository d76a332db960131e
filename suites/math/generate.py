"""Does greedy generation work for every problem, with the right tokens?

Right are the tokens that the same model gives without a cache, and on the CPU. Where the answer is no, a model
trains well and then talks nonsense on the one path that training never takes: keys in the cache have the
wrong positions.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from typing import Any

from torch import Tensor

from ...harness.check import Check
from ...harness.device import Device
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.target import Target
from ..attempt import attempt
from .problems import Problem
from .simulation import Trial, cut_short, misplaced, model_on, prompts, tally, wrong

NEW_TOKENS = 6

Tokens = tuple[int, ...]


def _run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    on_cpu = cpu_tokens(target)
    model = model_on(target, device.name)
    feeds = list(prompts(device.name))
    # The first call of all pays for the start of kernels and caches: it is made twice and timed once.
    start = attempt(model, partial(_generate, model, feeds[0][1], True))
    trials = [
        _trial(model, problem, inputs, expected, device)
        for (problem, inputs), expected in zip(feeds, on_cpu, strict=True)
    ]
    yield from tally("generation", start, trials)
    good = [trial.attempt.seconds for trial in trials if trial.is_good]
    if good:
        yield Measure(name="tokens_per_second", value=NEW_TOKENS * len(good) / sum(good))


@lru_cache(maxsize=1)
def cpu_tokens(target: Target) -> tuple[Tokens | None, ...]:
    """What a fresh model on the CPU generates for each problem; None where it fails there.

    Kept until another target comes, since each of its devices asks.
    """
    model = model_on(target, "cpu")
    tried = [attempt(model, partial(_generate, model, inputs, True)) for _, inputs in prompts("cpu")]
    return tuple(None if each.value is None else each.value[1] for each in tried)


def _trial(model: Any, problem: Problem, inputs: dict[str, Tensor], on_cpu: Tokens | None, device: Device) -> Trial:
    cached = attempt(model, partial(_generate, model, inputs, True))
    if cached.value is None:
        return cut_short("SD802", problem, cached)
    uncached = attempt(model, partial(_generate, model, inputs, False))
    if uncached.value is None:
        return cut_short("SD802", problem, uncached)
    output, tokens = cached.value
    flaw = misplaced("generated tokens", output, device, problem)
    return Trial(attempt=cached, flaw=flaw or _flaw(problem, (tokens, uncached.value[1], on_cpu), device, model))


def _generate(model: Any, inputs: dict[str, Tensor], use_cache: bool) -> tuple[Tensor, Tokens]:
    """The whole output [1, T + new], and the new tokens."""
    output: Tensor = model.generate(
        **inputs,
        do_sample=False,
        use_cache=use_cache,
        min_new_tokens=NEW_TOKENS,
        max_new_tokens=NEW_TOKENS,
    )
    return output, tuple(output[0, inputs["input_ids"].shape[1] :].tolist())


def _flaw(problem: Problem, told: tuple[Tokens, Tokens, Tokens | None], device: Device, model: Any) -> Finding | None:
    """`told` is what was generated with the cache, without it, and on the CPU."""
    tokens, uncached, on_cpu = told
    if len(tokens) != NEW_TOKENS:
        message = f"generation gave {len(tokens)} new tokens, expected {NEW_TOKENS}"
        return wrong("SD802", problem.name, message, model)
    if tokens != uncached:
        message = _difference(tokens, "with the cache", uncached, "without it")
        return wrong("SD402", problem.name, message, model)
    if on_cpu is not None and tokens != on_cpu:
        message = _difference(tokens, f"on {device.name}", on_cpu, "on the CPU")
        return wrong("SD401", problem.name, message, model)
    return None


def _difference(ours: Sequence[int], here: str, theirs: Sequence[int], there: str) -> str:
    unequal = [index for index in range(len(ours)) if ours[index : index + 1] != theirs[index : index + 1]]
    first = unequal[0] if unequal else len(ours)
    return (
        f"{len(unequal)} of {len(ours)} greedy tokens differ, the first is new token {first}: "
        f"{list(ours[first : first + 1])} {here}, {list(theirs[first : first + 1])} {there}"
    )


GENERATE = Check(
    name="generate",
    title="Generate",
    question="Does greedy generation work for every problem, with the same tokens without a cache and on the CPU?",
    run=_run,
)

"""Does the device compute what the CPU computes: outputs, gradients, tokens?

Nothing raises where the answer is no. The model is a little or much worse where it is used than where it was tested.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotApplicable, NotChecked
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.observing import observe
from ...harness.parity.asking import Reply, ask
from ...harness.parity.blaming import Blame, blamed
from ...harness.parity.precision import whole_float32
from ...harness.parity.yardstick import reference
from ...harness.roundtrip.running import Answer, difference, generated, seeded
from ...harness.subject import moved
from ...harness.target import Target
from ..closeness import gap
from .batches import batches
from .padding import padding


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """What a model said in one place: its reply to the inputs, and the tokens that it generated."""

    reply: Reply
    tokens: Answer | None


def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """On a device, compare with the CPU; on the CPU, compare rows alone and padded ones with the batch."""
    with seeded():
        model: nn.Module = target.build()
        if target.inputs is None:
            raise NotChecked("cannot be fed: no inputs are known, give --inputs")
        inputs = moved(target.inputs(), torch.device("cpu"))
    model.to("cpu")
    if device.kind == "cpu":
        asked = [*batches(model, inputs), *padding(model, inputs)]
        if not asked:
            raise NotApplicable("nothing to compare on the CPU: no batch of rows by keyword, and no mask to pad by")
        yield from asked
        return
    with nullcontext() if device.virtual else whole_float32():
        found = _there(model, inputs, device)
    yield from found


def _there(model: nn.Module, inputs: Any, device: Device) -> list[Finding | Measure]:
    """Ask on the CPU, then on the device, and compare."""
    place = torch.device(device.name)
    here = _asked(model, inputs, "the CPU")
    model.to(place)
    there = _asked(model, moved(inputs, place), device.name)
    pair = Pair(model=model, inputs=inputs, device=device, here=here, there=there)
    return [Measure(name="compared", value=_count(here)), *_compared(pair)]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """A model that lies on a device, what it said on the CPU before, and what it says now."""

    model: nn.Module
    inputs: Any
    device: Device
    here: Asked
    there: Asked


def _asked(model: nn.Module, inputs: Any, place: str) -> Asked:
    """Raises `NotChecked` where the model cannot be called there, or only on hardware that mixed devices."""

    def act() -> Asked:
        tokens = generated(model, inputs)
        # What raises in generation is the check `generate`'s matter.
        return Asked(reply=ask(model, inputs), tokens=None if tokens is None or tokens.error else tokens)

    seen = observe(model, act)
    if seen.findings:
        raise NotChecked(f"not compared: {seen.refusal(place)}")
    asked: Asked = seen.value
    if asked.reply.answer.error is not None:
        raise NotChecked(f"not compared: it cannot be called on {place}: {asked.reply.answer.error}")
    return asked


def _count(asked: Asked) -> int:
    """How many tensors and numbers there were to compare."""
    answers = (asked.reply.answer, asked.reply.gradients, asked.tokens)
    return sum(len(answer.leaves) for answer in answers if answer is not None)


def _compared(pair: Pair) -> Iterator[Finding | Measure]:
    here, there = pair.here, pair.there
    same = _alike(here.reply.answer, there.reply.answer) and _alike(here.reply.gradients, there.reply.gradients)
    if same and _alike(here.tokens, there.tokens):
        return
    drew = here.reply.drew or there.reply.drew
    if drew:
        raise NotChecked(f"draws random numbers ({', '.join(drew)}), and a device draws others: not compared")
    exact = None if same else reference(pair.model, pair.inputs)
    found = list(_apart(pair, exact))
    if not found and not _alike(here.tokens, there.tokens):
        found = list(_tokens(pair))
    yield from found


def _alike(one: Answer | None, other: Answer | None) -> bool:
    """Bit for bit; what one of the two could not be asked counts for neither."""
    return one is None or other is None or difference(one, other) is None


def _apart(pair: Pair, exact: Reply | None) -> Iterator[Finding]:
    """A finding for outputs that rounding does not explain, else one for such gradients."""
    texts = _gaps(pair.here.reply.answer, pair.there.reply.answer, exact.answer if exact else None)
    if texts:
        yield _finding(pair, "output", texts[0])
        return
    one, other = pair.here.reply.gradients, pair.there.reply.gradients
    texts = [] if one is None or other is None else _gaps(one, other, exact.gradients if exact else None)
    if texts:
        what = f"the outputs agree and the gradients do not: {texts[0]}"
        yield _finding(pair, texts[0].partition(":")[0], what)


def _gaps(expected: Answer, actual: Answer, exact: Answer | None) -> list[str]:
    before, after = dict(expected.leaves), dict(actual.leaves)
    true = {} if exact is None else dict(exact.leaves)
    if before.keys() != after.keys():
        return [f"it gives {', '.join(after) or 'nothing'}, on the CPU {', '.join(before) or 'nothing'}"]
    texts = {path: gap(before[path], after[path], true.get(path)) for path in before}
    return [f"{path}: {text}" for path, text in texts.items() if text]


def _finding(pair: Pair, subject: str, text: str) -> Finding:
    blame = blamed(pair.model, pair.inputs, torch.device(pair.device.name), gap) if subject == "output" else Blame()
    what = f"on {pair.device.name} the same model with the same inputs gives something else than on the CPU: {text}"
    return Finding(
        code="SD401",
        subject=blame.path or subject,
        message=what + blame.text + (f" ({_VIRTUAL})" if pair.device.virtual else ""),
        origin=blame.origin,
        hint="look for what depends on the device: a branch on `x.device`, autocast, a dtype, another generator",
    )


_VIRTUAL = "virtual: the CPU computed both, so it is the model's own code that differs"


def _tokens(pair: Pair) -> Iterator[Finding]:
    """A finding for other tokens where a forward agrees: cache, masks and positions of generation have state."""
    assert pair.here.tokens is not None
    assert pair.there.tokens is not None
    text = difference(pair.here.tokens, pair.there.tokens)
    yield Finding(
        code="SD401",
        subject="generate",
        message=f"on {pair.device.name} one forward gives what the CPU gives, and greedy generation does not: {text}"
        + (f" ({_VIRTUAL})" if pair.device.virtual else ""),
        hint="compare the cache, the mask and the positions of the second step; two tokens may also be tied",
    )


PARITY = Check(
    name="parity",
    title="Parity",
    question="Does the device compute what the CPU computes, and a row alone what it computes in a batch?",
    run=run,
)

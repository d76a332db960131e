"""Does text generation run on the device?

Generation has its own state (cache, position ids, masks, finished flags) that a single forward never touches: the
seeds' models passed forward and failed here.
"""

from collections.abc import Iterator
from typing import Any

import torch

from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotApplicable
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.observing import observe_or_skip, session, steps
from ...harness.subject import Subject, on_host, prepare
from ...harness.target import Target

NEW_TOKENS = 4


def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """Generate greedily with a cache."""
    subject = prepare(target, device)
    can = getattr(subject.model, "can_generate", None)
    if not callable(can) or not can():
        raise NotApplicable("the model has no generate()")
    steps(session())
    subject.model.eval()
    observed = observe_or_skip(subject.model, lambda: _generate(subject), lambda: _generate(on_host(target)))
    yield from observed.findings
    if observed.value is not None:
        yield Measure(name="generated_tokens", value=observed.value)


def _generate(subject: Subject) -> int:
    model: Any = subject.model
    inputs = dict(subject.fresh_inputs())
    inputs.pop("labels", None)
    with torch.no_grad():
        out = model.generate(**inputs, max_new_tokens=NEW_TOKENS, min_new_tokens=NEW_TOKENS, do_sample=False)
    return int(out.shape[-1])


GENERATE = Check(name="generate", title="Generate", question="Does generation run on the device?", run=run)

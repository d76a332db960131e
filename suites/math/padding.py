"""Are the logits of real tokens the same with padding on either side?

Where the answer is no, a model's answers depend on what else is in the batch: positions are counted from
the padding and not from the first real token.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from ...harness.check import Check
from ...harness.device import Device
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.target import Target
from ..attempt import attempt
from ..closeness import difference
from .simulation import merged, model_on, prompts, raised, refusals, wrong

SIDES = ("left", "right")


def _run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    model = model_on(target, device.name)
    feeds = list(prompts(device.name))
    rows = [inputs["input_ids"][0] for _, inputs in feeds]
    alone = [attempt(model, partial(_logits, model, inputs)) for _, inputs in feeds]
    batches = {side: attempt(model, partial(_logits, model, padded(rows, side))) for side in SIDES}
    yield from refusals((*alone, *batches.values()))
    yield from merged(
        raised("SD801", problem.name, "the forward pass", tried)
        for (problem, _), tried in zip(feeds, alone, strict=True)
        if tried.error is not None
    )
    for side, batch in batches.items():
        if batch.error is not None:
            yield raised("SD801", f"padding on the {side}", "a padded batch", batch)
            continue
        for row, ((problem, _), expected) in enumerate(zip(feeds, alone, strict=True)):
            what = _change(batch.value, row, side, expected.value)
            if what is not None:
                message = f"padding on the {side} changes the logits of real tokens: {what}"
                yield wrong("SD803", problem.name, message, model)


def _change(batch: Tensor | None, row: int, side: str, expected: Tensor | None) -> str | None:
    if batch is None or expected is None:
        return None
    length = expected.shape[1]
    real = batch[row, -length:] if side == "left" else batch[row, :length]
    return difference(real, expected[0])


def padded(rows: list[Tensor], side: str) -> dict[str, Tensor]:
    """Rows [T_i] as a batch [B, max T]: `input_ids` with 0 at the padding, and the `attention_mask`."""
    ids = pad_sequence(rows, batch_first=True, padding_side=side)
    mask = pad_sequence([torch.ones_like(row) for row in rows], batch_first=True, padding_side=side)
    return {"input_ids": ids, "attention_mask": mask}


def _logits(model: Any, inputs: dict[str, Tensor]) -> Tensor:
    with torch.no_grad():
        logits: Tensor = model(**inputs).logits
    return logits


PADDING = Check(
    name="padding",
    title="Padding",
    question="Are the logits of real tokens the same with padding on either side?",
    run=_run,
)

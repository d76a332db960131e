"""Does a model come back from disk exactly as it was saved?

Where the answer is no, the published model is not the trained one: a learned scalar kept its initial value, a
table was rebuilt in another dtype, an option never reached the config.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor
from transformers.utils import logging

from ...harness.check import Check
from ...harness.device import Device
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.target import Target
from ..attempt import attempt
from ..state import stir, unequal
from .simulation import model_on, prompts, raised


def _run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    model = model_on(target, device.name)
    # Learned values, as after a training: what is lost must not equal what is built anew.
    stir(model)
    _, inputs = next(prompts(device.name))
    tried = attempt(model, partial(_there_and_back, model, inputs, device))
    yield from tried.refused
    if tried.error is not None:
        yield raised("SD501", type(model).__name__, "save_pretrained or from_pretrained", tried)
    for subject, message in tried.value or ():
        yield Finding(code="SD501", subject=subject, message=message)


def _there_and_back(model: Any, inputs: dict[str, Tensor], device: Device) -> list[tuple[str, str]]:
    with TemporaryDirectory() as folder, _no_progress_bars():
        model.save_pretrained(folder)
        again = type(model).from_pretrained(folder).eval().to(device.name)
    losses = list(unequal(model.state_dict(), again.state_dict()))
    with torch.no_grad():
        before, after = model(**inputs).logits, again(**inputs).logits
    if not losses and not torch.equal(before, after):
        losses.append(("logits", "all weights came back and the logits did not: there is more state than they hold"))
    return losses


@contextmanager
def _no_progress_bars() -> Iterator[None]:
    """Transformers draws bars for files of any size, across whatever the caller shows."""
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


ROUNDTRIP = Check(
    name="roundtrip",
    title="Round trip",
    question="Does a model come back from disk exactly as it was saved?",
    run=_run,
)

"""Trying: does a model take these arguments?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ..aside import aside
from ..observing import is_about_devices
from ..subject import call

_LARGEST = 50_000_000  # parameters: a larger model is not built and called once more to try what is fed


def refusal(make: Callable[[], Any], give: Callable[[], Any]) -> str | None:
    """What a new model on the CPU raises when it is called; None where it runs, or is too large to try.

    An error about devices is no refusal: it is what the checks look for.
    """
    with aside(), torch.no_grad():
        model = make()
        if sum(parameter.numel() for parameter in model.parameters()) > _LARGEST:
            return None
        return raised(model, give())


def raised(model: Any, fed: Any) -> str | None:
    """What a call raises, in one line; None where it raises nothing, or an error about devices."""
    try:
        call(model, fed)
    # Any error of the model's is an answer: it does not take this.
    except Exception as error:
        if is_about_devices(error):
            return None
        return " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return None

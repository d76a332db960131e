"""The yardstick: the same model in float64, which says how far the CPU's own float32 is from the truth."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import torch
from torch import nn

from .asking import Reply, ask
from .casting import cast, feed


def in_float64(model: nn.Module) -> nn.Module | None:
    """A copy of a model in float64 on the CPU; None where it cannot be copied or cast."""
    try:
        exact = deepcopy(model).cpu()
        cast(exact, torch.float64)
    except (RuntimeError, TypeError, ValueError, NotImplementedError):
        return None
    return exact


def reference(model: nn.Module, inputs: Any) -> Reply | None:
    """The reply of a copy in float64; None for a model that cannot be asked so.

    Modules that mix in numbers of another dtype cannot be: then the tolerance table alone decides.
    """
    exact = in_float64(model)
    reply = None if exact is None else ask(exact, feed(inputs, torch.float64))
    return None if reply is None or reply.answer.error is not None else reply

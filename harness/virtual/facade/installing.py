"""Installing the façade: every replacement is listed as (owner, name, value) and undone on exit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch

from ..patching import patched
from ..session import Session
from . import (
    accelerator,
    autocast,
    cuda,
    generator,
    grouping,
    host_data,
    mps,
    saved_tensors,
    storage,
    tensor_types,
    xpu,
)

KINDS = {"cuda": cuda.replacements, "mps": mps.replacements, "xpu": xpu.replacements}
ALWAYS = tuple(
    part.replacements
    for part in (accelerator, autocast, generator, grouping, host_data, saved_tensors, storage, tensor_types)
)


@contextmanager
def installed(session: Session) -> Iterator[None]:
    """Put the façade of a session's devices up for a while."""
    with ExitStack() as stack:
        _forget()
        stack.callback(_forget)
        for replacements in (KINDS[session.kind], *ALWAYS):
            for owner, name, value in replacements(session):
                stack.enter_context(patched(owner, name, value))
        yield


def _forget() -> None:
    """Empty the caches of PyTorch's questions, whose answers change now; names imported early still ask them."""
    for module in (torch.cuda, torch.xpu, torch.accelerator, torch.backends.mps):
        for function in list(vars(module).values()):
            if hasattr(function, "cache_clear"):
                function.cache_clear()

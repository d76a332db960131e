"""Installing the façade: every replacement is listed as (owner, name, value) and undone on exit."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch

from ..patching import patched
from ..session import Session
from . import (
    accelerator,
    autocast,
    comm,
    cuda,
    custom_functions,
    exchange,
    generator,
    grouping,
    host_data,
    mps,
    saved_tensors,
    storage,
    tensor_types,
    wrapping,
    xpu,
)

KINDS = {"cuda": cuda.replacements, "mps": mps.replacements, "xpu": xpu.replacements}
ALWAYS = tuple(
    part.replacements
    for part in (
        *(accelerator, autocast, comm, custom_functions, exchange, generator, grouping, host_data),
        *(saved_tensors, storage, tensor_types, wrapping),
    )
)

# Libraries that remember what PyTorch told them of its devices: in cached answers, and in classes that share one state.
ASKING = ("transformers.utils.import_utils", "accelerate.utils.imports")


REMEMBERING = (("accelerate.state", "PartialState"), ("accelerate.state", "AcceleratorState"))

# The variable by which PyTorch sends what MPS lacks to the CPU; accelerate sets it where it finds a Mac.
FALLBACK = "PYTORCH_ENABLE_MPS_FALLBACK"


@contextmanager
def installed(session: Session) -> Iterator[None]:
    """Put the façade of a session's devices up for a while."""
    with ExitStack() as stack:
        _forget()
        stack.callback(_forget)
        stack.callback(_set_variable, FALLBACK, os.environ.get(FALLBACK))
        for module, name in REMEMBERING:
            if module in sys.modules:
                stack.enter_context(_set_aside(getattr(sys.modules[module], name)._shared_state))
        for replacements in (KINDS[session.kind], *ALWAYS):
            for owner, name, value in replacements(session):
                stack.enter_context(patched(owner, name, value))
        yield


@contextmanager
def _set_aside(state: dict[str, object]) -> Iterator[None]:
    """Begin with an empty state, and put back what was there."""
    before = dict(state)
    state.clear()
    try:
        yield
    finally:
        state.clear()
        state.update(before)


def _set_variable(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def _forget() -> None:
    """Empty the caches of questions whose answers change now: PyTorch's, and those that libraries ask of PyTorch."""
    for module in (torch.cuda, torch.xpu, torch.accelerator, torch.backends.mps):
        _forget_answers(module, "")
    for name in ASKING:
        if name in sys.modules:
            _forget_answers(sys.modules[name], "is_")


def _forget_answers(module: object, prefix: str) -> None:
    for name, function in list(vars(module).items()):
        if name.startswith(prefix) and hasattr(function, "cache_clear"):
            function.cache_clear()

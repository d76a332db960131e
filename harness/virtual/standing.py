"""Standing on a virtual device: the context manager that enters everything and undoes it all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, _GeneratorContextManager, contextmanager
from dataclasses import replace

import torch

from ..errors import UsageError
from . import facade, functionals, hardware, labels, profiles, serialization, session, threads
from .facade import compiling, scripting
from .ledger import Ledger
from .memory import Memory
from .profiles import USUAL, Profile
from .session import Session

KINDS = ("cuda", "mps", "xpu")


def virtual(
    kind: str,
    *,
    count: int | None = None,
    profile: str | None = None,
    capacity: int | None = None,
    home: str | None = None,
    ledger: Ledger | None = None,
) -> _GeneratorContextManager[Session]:
    """Make `count` devices of a kind appear, with real values computed on the CPU and the device's refusals.

    A context manager and a decorator; it nests, and everything is undone on exit, also after an exception.
    `kind` is `cuda`, `mps` (one device at most) or `xpu`. A `profile` makes them a machine that is known (`t4x2`,
    `a100-40`, `h100`, `m2-16`), with its count, name and memory; `capacity` is each device's memory in bytes, beyond
    which PyTorch's `torch.OutOfMemoryError` is raised. `home` names the device under test, for messages;
    with a `ledger` mismatches are recorded and mended instead of raised. Raises `UsageError` for a device
    that cannot be. For example::

        with samedevice.virtual("cuda", count=2):
            model.to("cuda:1")
        with samedevice.virtual("cuda", profile="t4x2"):
            training_step()
    """
    if kind not in KINDS:
        raise UsageError(f"no virtual device of kind {kind!r}: choose from {', '.join(KINDS)}")
    machine = USUAL[kind] if profile is None else profiles.profile(profile, kind)
    count = machine.count if count is None else count
    if count < 1:
        raise UsageError(f"cannot make {count} virtual {kind} devices: count is at least 1")
    if kind == "mps" and count > 1:
        raise UsageError(f"cannot make {count} virtual mps devices: a Mac has one")
    if capacity is not None and capacity < 1:
        raise UsageError(f"a virtual device cannot have {capacity} bytes: capacity is at least 1")
    if profile is not None and capacity is None:
        capacity = machine.memory
    machine = replace(machine, count=count, memory=machine.memory if capacity is None else capacity)
    return _stand(machine, capacity, home, ledger)


@contextmanager
def _stand(machine: Profile, capacity: int | None, home: str | None, ledger: Ledger | None) -> Iterator[Session]:
    standing = Session(
        kind=machine.kind,
        count=machine.count,
        profile=machine,
        memory=Memory(capacity=capacity),
        ledger=ledger,
        outer=session.current(),
    )
    if home is not None:
        place = torch.device(home)
        standing.home = session.intern(place.type, place.index or 0)
    with ExitStack() as stack:
        stack.enter_context(labels.labelled_storages())
        stack.enter_context(labels.listening(standing.memory.hold))
        session.push(standing)
        stack.callback(session.pop, standing)
        stack.enter_context(hardware.remembered())
        stack.enter_context(facade.installed(standing))
        stack.enter_context(compiling.eager())
        stack.enter_context(scripting.eager())
        stack.enter_context(serialization.location_tags())
        stack.enter_context(functionals.transparent())
        stack.enter_context(threads.inherited())
        stack.enter_context(_default_device_kept())
        stack.enter_context(threads.watched())
        yield standing


@contextmanager
def _default_device_kept() -> Iterator[None]:
    """Take back a `torch.set_default_device` of a device that is about to vanish."""
    before = getattr(torch._GLOBAL_DEVICE_CONTEXT, "device_context", None)
    try:
        yield
    finally:
        if getattr(torch._GLOBAL_DEVICE_CONTEXT, "device_context", None) is not before:
            torch.set_default_device(None if before is None else before.device)

"""Serialization: a checkpoint saved on a virtual device is a true checkpoint of that device.

`torch.serialization.register_package` is PyTorch's hook for location tags; the entry is taken out again on exit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.serialization import _package_registry, register_package

from . import labels
from .birth import made
from .labels import CPU, Label
from .session import current

# Before PyTorch's own CPU entry (10), which would claim every storage.
_PRIORITY = 5


def _tag(storage: Any) -> str | None:
    untyped = getattr(storage, "_untyped_storage", storage)
    label: Label | None = getattr(untyped, labels.ATTRIBUTE, None)
    if label is None or label.device is CPU or label.device.type == "meta":
        return None
    return str(label.device)


def _restore(storage: Any, location: str) -> Any:
    session = current()
    if session is None or location in ("cpu", "meta"):
        return None
    kind = location.partition(":")[0]
    if not session.owns(kind):
        return None
    untyped = getattr(storage, "_untyped_storage", storage)
    try:
        device = session.resolve(location)
    except RuntimeError as error:
        raise RuntimeError(
            f"Attempting to deserialize object on {kind.upper()} device {torch.device(location).index} but "
            f"torch.{kind}.device_count() is {session.devices_of(kind)}. Please use torch.load with map_location "
            "to map your storages to an existing device."
        ) from error
    setattr(untyped, labels.ATTRIBUTE, made(session, device, named=True))
    return storage


@contextmanager
def location_tags() -> Iterator[None]:
    """Write and read location tags of virtual devices."""
    register_package(_PRIORITY, _tag, _restore)
    try:
        yield
    finally:
        _package_registry[:] = [entry for entry in _package_registry if entry[1] is not _tag]

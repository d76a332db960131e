"""Storages: `tensor.untyped_storage().device` is the label, for code that asks the storage; a clone keeps it.

A tensor is rebuilt of a storage by `torch.load` and `pickle.loads`, whose caller is the one that made it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from .. import labels
from ..birth import made
from ..labels import CPU, UNBORN
from ..session import Session

Replacement = tuple[Any, str, Any]


def replacements(session: Session) -> Iterator[Replacement]:
    """What untyped storages say, and how they are cloned: PyTorch's own asks for memory on `self.device`."""
    native = torch.UntypedStorage.device

    def device(self: Any) -> torch.device:
        label = getattr(self, labels.ATTRIBUTE)
        found: torch.device = native.__get__(self)
        if label is None or found.type != "cpu":
            return found
        return label.ambient if label.device is UNBORN else label.device  # type: ignore[no-any-return]

    def clone(self: Any) -> torch.UntypedStorage:
        twin: torch.UntypedStorage = torch.UntypedStorage(self.nbytes()).copy_(self)  # type: ignore[no-untyped-call]
        setattr(twin, labels.ATTRIBUTE, getattr(self, labels.ATTRIBUTE))
        return twin

    rebuild = torch._utils._rebuild_tensor

    def rebuilt(storage: Any, *shape: Any) -> torch.Tensor:
        untyped = getattr(storage, "_untyped_storage", storage)
        is_new = untyped.device.type == "cpu" and getattr(untyped, labels.ATTRIBUTE, None) is None
        tensor: torch.Tensor = rebuild(storage, *shape)  # type: ignore[no-untyped-call]
        if is_new:
            labels.mark(untyped, made(session, CPU, named=False, data=True))
        return tensor

    yield torch._utils, "_rebuild_tensor", rebuilt
    yield torch.UntypedStorage, "device", property(device)
    yield torch.UntypedStorage, "clone", clone
    yield torch.UntypedStorage, "is_cuda", property(lambda self: device(self).type == "cuda")

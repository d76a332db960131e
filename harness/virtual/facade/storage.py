"""Storages: `tensor.untyped_storage().device` is the label, for code that asks the storage; a clone keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from .. import labels
from ..labels import UNBORN
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

    yield torch.UntypedStorage, "device", property(device)
    yield torch.UntypedStorage, "clone", clone
    yield torch.UntypedStorage, "is_cuda", property(lambda self: device(self).type == "cuda")

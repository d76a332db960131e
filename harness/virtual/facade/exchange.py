"""Exchange: tensors handed to other libraries, by DLPack and by the CUDA array interface."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from .. import labels
from ..birth import witness
from ..session import Session

Replacement = tuple[Any, str, Any]


def replacements(session: Session) -> Iterator[Replacement]:
    """`from_dlpack` and `to_dlpack`, under both of their names: what comes from a tensor is where the tensor is."""
    native, pack = torch.from_dlpack, torch.utils.dlpack.to_dlpack  # type: ignore[attr-defined]
    packed: dict[int, labels.Label | None] = {}  # by address, for a capsule takes no attribute

    def to_dlpack(tensor: Tensor) -> Any:
        address = tensor.data_ptr()
        packed[address] = labels.get(tensor)
        # A capsule that nobody opens ends with its memory, and another tensor may lie there next.
        weakref.finalize(tensor.untyped_storage(), packed.pop, address, None).atexit = False
        return pack(tensor)

    def from_dlpack(ext_tensor: Any, *args: Any, **kwargs: Any) -> Tensor:
        if not isinstance(ext_tensor, Tensor):
            opened: Tensor = native(ext_tensor, *args, **kwargs)
            if opened.data_ptr() in packed:
                labels.put(opened, packed.pop(opened.data_ptr()))
            with torch._C.DisableTorchFunction():
                witness(session, opened)
            return opened
        with torch._C.DisableTorchFunction():
            made: Tensor = native(ext_tensor)
            labels.put(made, labels.get(ext_tensor))
        return made

    for owner in (torch, torch.utils.dlpack):
        yield owner, "from_dlpack", from_dlpack
        yield owner, "to_dlpack", to_dlpack

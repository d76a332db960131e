"""Exchange: tensors handed to other libraries, by DLPack and by the CUDA array interface."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from .. import labels
from ..session import Session

Replacement = tuple[Any, str, Any]


def replacements(session: Session) -> Iterator[Replacement]:
    """`from_dlpack`, under both of its names: what comes from a tensor is where the tensor is."""
    native = torch.from_dlpack  # type: ignore[attr-defined]

    def from_dlpack(ext_tensor: Any, *args: Any, **kwargs: Any) -> Tensor:
        if not isinstance(ext_tensor, Tensor):
            return native(ext_tensor, *args, **kwargs)
        with torch._C.DisableTorchFunction():
            made: Tensor = native(ext_tensor)
            labels.put(made, labels.get(ext_tensor))
        return made

    yield torch, "from_dlpack", from_dlpack
    yield torch.utils.dlpack, "from_dlpack", from_dlpack

"""`torch.from_numpy` and `torch.frombuffer`: host memory by definition. No function mode sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch

from .. import labels
from ..birth import made
from ..labels import CPU
from ..session import Session

Replacement = tuple[Any, str, Any]


def replacements(session: Session) -> Iterator[Replacement]:
    """Wrappers that note who made the tensor."""
    for name in ("from_numpy", "frombuffer"):
        yield torch, name, _noting(getattr(torch, name), session)


def _noting(function: Callable[..., torch.Tensor], session: Session) -> Callable[..., torch.Tensor]:
    def wrapper(*args: Any, **kwargs: Any) -> torch.Tensor:
        out = function(*args, **kwargs)
        labels.put(out, made(session, CPU, named=False, data=True))
        return out

    return wrapper

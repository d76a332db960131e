"""Wrapper subclasses (a jagged tensor, a quantised weight): the outside of one is on the host too, like its parts.

Its `__new__` asks a part for its device and is told the label. Autograd would take a wrapper that is made there for a
tensor of the hardware's, and ask the hardware for a stream.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from ..labels import CPU
from ..session import Session

Replacement = tuple[Any, str, Any]


def replacements(session: Session) -> Iterator[Replacement]:
    """The function that makes wrappers."""
    native = torch.Tensor._make_wrapper_subclass

    def at_home(given: Any) -> Any:
        is_ours = isinstance(given, torch.device | str) and session.owns(torch.device(given).type)
        return CPU if is_ours else given

    def make(cls: type, *args: Any, **kwargs: Any) -> torch.Tensor:
        placed = [at_home(one) if isinstance(one, torch.device) else one for one in args]
        if "device" in kwargs:
            kwargs["device"] = at_home(kwargs["device"])
        return native(cls, *placed, **kwargs)

    yield torch.Tensor, "_make_wrapper_subclass", staticmethod(make)

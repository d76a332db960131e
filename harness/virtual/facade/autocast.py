"""Autocast: `torch.autocast("cuda")` switches the CPU's autocast on as well, since that is what computes.

What is cast to which type is decided in `casting`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from ..session import Session

Replacement = tuple[Any, str, Any]


def replacements(session: Session) -> Iterator[Replacement]:
    """`__enter__` and `__exit__` of `torch.autocast`, which `torch.cuda.amp.autocast` inherits."""
    kind = torch.autocast
    enter, leave = kind.__enter__, kind.__exit__

    def entering(self: Any) -> Any:
        out = enter(self)  # type: ignore[no-untyped-call]
        if session.owns(self.device):
            before = getattr(self, "_samedevice_before", [])
            before.append((torch.is_autocast_enabled("cpu"), torch.get_autocast_dtype("cpu")))
            self._samedevice_before = before
            session.casting += 1
            torch.set_autocast_enabled("cpu", self._enabled)
            torch.set_autocast_dtype("cpu", self.fast_dtype)
        return out

    def leaving(self: Any, *exception: Any) -> Any:
        before = getattr(self, "_samedevice_before", [])
        if before:
            enabled, dtype = before.pop()
            session.casting -= 1
            torch.set_autocast_enabled("cpu", enabled)
            torch.set_autocast_dtype("cpu", dtype)
        return leave(self, *exception)

    yield kind, "__enter__", entering
    yield kind, "__exit__", leaving
    yield torch.cuda.amp.common, "amp_definitely_not_available", lambda: not session.owns("cuda")

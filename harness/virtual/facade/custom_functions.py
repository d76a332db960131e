"""Custom functions: `torch.autograd.Function` remembers where its inputs were, and its backward is held to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import BackwardCFunction

from .. import hooks
from ..session import Session, current

Replacement = tuple[Any, str, Any]
_PLACES = "_samedevice_places"


def replacements(session: Session) -> Iterator[Replacement]:
    """`Function.apply`, and the `apply` of the node that runs its backward."""
    forward, backward = vars(torch.autograd.Function)["apply"], BackwardCFunction.apply

    def applying(cls: Any, *args: Any, **kwargs: Any) -> Any:
        standing = current()
        places = () if standing is None else hooks.places(standing, args)
        out = forward.__get__(None, cls)(*args, **kwargs)
        made = out[0] if isinstance(out, tuple) and out else out
        node = made.grad_fn if isinstance(made, Tensor) else None
        if isinstance(node, getattr(cls, "_backward_cls", ())):
            setattr(node, _PLACES, places)
        return out

    def going_back(self: Any, *gradients: Any) -> Any:
        found = backward(self, *gradients)  # type: ignore[no-untyped-call]
        standing, places = current(), getattr(self, _PLACES, None)
        return (
            found if standing is None or not places else hooks.at_inputs(standing, type(self).__name__, places, found)
        )

    yield torch.autograd.Function, "apply", classmethod(applying)
    yield BackwardCFunction, "apply", going_back

"""Rebuilding: a new model of the same making as the one in hand, whose state is still its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from .recording import Construction, Recording


def replay(model: nn.Module, recorded: Recording) -> Callable[[], nn.Module] | None:
    """A function that calls the model's class again as it was called; None where that call was not seen.

    Modules among the arguments are made again too. What the caller did to the model afterwards is not repeated: that
    is the point. A model that was cast as a whole is cast again, since everybody who loads a state dict does so.
    """
    construction = recorded.of(model)
    if construction is None or not construction.outermost:
        return None
    dtypes = _float_dtypes(model)

    def fresh() -> nn.Module:
        made: nn.Module = _again(construction, recorded)
        own = _float_dtypes(made)
        if own != dtypes and len(own) == len(dtypes) == 1:
            made.to(next(iter(dtypes)))
        return made

    return fresh


def _again(construction: Construction, recorded: Recording) -> Any:
    positional = [_fresh(value, recorded) for value in construction.positional]
    keywords = {name: _fresh(value, recorded) for name, value in construction.keywords.items()}
    return type(construction.made)(*positional, **keywords)


def _fresh(value: Any, recorded: Recording) -> Any:
    if isinstance(value, nn.Module):
        construction = recorded.of(value)
        return value if construction is None or not construction.outermost else _again(construction, recorded)
    if isinstance(value, dict):
        return type(value)((key, _fresh(item, recorded)) for key, item in value.items()) if _holds(value) else value
    if type(value) in (list, tuple):
        return type(value)(_fresh(item, recorded) for item in value)
    return value


def _holds(value: dict[Any, Any]) -> bool:
    return any(isinstance(item, nn.Module | list | tuple | dict) for item in value.values())


def _float_dtypes(model: nn.Module) -> set[torch.dtype]:
    tensors = (*model.parameters(), *model.buffers())
    return {tensor.dtype for tensor in tensors if tensor.is_floating_point()}

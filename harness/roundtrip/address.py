"""Where another process finds a model's class, and how it calls it, without running the factory again."""

from __future__ import annotations

import pickle
import sys
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ..formats import Format, Origin
from ..script import Script
from .hand import Hand


def class_address(hand: Hand, fmt: Format) -> dict[str, Any] | None:
    """The class by file or module, and the arguments of its call where the format needs a new model.

    None for a local class, one of the running script, and arguments that are not plain data: then the factory alone
    can say how the model comes about.
    """
    cls = type(hand.model)
    module = sys.modules.get(cls.__module__)
    if "<" in cls.__qualname__ or cls.__module__ == "__main__" or _found(module, cls.__qualname__) is not cls:
        return None
    word = None if hand.target.address is None else hand.target.address[0].rpartition(":")[0]
    file = getattr(module, "__file__", None)
    is_script = word is not None and word.endswith(".py") and file is not None and Path(word).resolve() == Path(file)
    place = {"file": file} if is_script else {"module": cls.__module__}
    call = _call(hand) if fmt.rebuilds else ((), {})
    return None if call is None else {**place, "name": cls.__qualname__, "call": call}


def origin(address: dict[str, Any]) -> Origin:
    """The origin that an address stands for, in the process that asks."""
    script = Script(Path(address["file"])) if "file" in address else None
    module = import_module(address["module"]) if script is None else script.fresh()
    cls = _found(module, address["name"])
    positional, keywords = address["call"]

    def fresh(alive: Script | None = script) -> nn.Module:  # the module leaves with its script
        made: nn.Module = cls(*positional, **keywords)
        return made

    return Origin(cls=cls, fresh=fresh)


def _call(hand: Hand) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
    construction = hand.recorded.of(hand.model)
    if construction is None or not construction.outermost or _is_cast(hand.model):
        return None
    call = construction.positional, construction.keywords
    try:
        stream = BytesIO()
        torch.save(call, stream)
        stream.seek(0)
        torch.load(stream, weights_only=True)
    # Objects of anybody's classes: unpickling them would run the file that they come from.
    except (pickle.PickleError, AttributeError, TypeError, RuntimeError):
        return None
    return call


def _is_cast(model: nn.Module) -> bool:
    """True for a model that may have been cast as a whole, which a bare call of its class does not repeat."""
    return any(p.is_floating_point() and p.dtype is not torch.get_default_dtype() for p in model.parameters())


def _found(module: Any, name: str) -> Any:
    for part in name.split("."):
        module = getattr(module, part, None)
    return module

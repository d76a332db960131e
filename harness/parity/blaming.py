"""Blaming: the module and the line where a model begins to compute something else on a device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn

from ..finding import Location
from ..naming import source_line
from ..reach.territory import is_library
from ..subject import moved
from .branches import device_branch, forward_line
from .tracing import parting, trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """A module's path (empty where none is to blame alone), in words what it does, and a line of its class.

    `by_library` says that the code around it is a library's, an architecture of transformers, say.
    """

    path: str = ""
    text: str = ""
    origin: Location | None = None
    by_library: bool = False


def blamed(model: nn.Module, inputs: Any, place: torch.device, gap: Callable[[Any, Any], str | None]) -> Blame:
    """Trace a model where it lies, on `place`, and again on the CPU, and take it back; where the two part."""
    there = trace(model, moved(inputs, place))
    model.to("cpu")
    here = trace(model, moved(inputs, torch.device("cpu")))
    model.to(place)
    parted = parting(here, there, gap)
    if parted is None:
        return Blame()
    module = model.get_submodule(parted.path)
    return named(parted.path, module, device_branch(type(module)), parted.text)


def between(model: nn.Module, inputs: tuple[Any, Any], gap: Callable[[Any, Any], str | None]) -> Blame:
    """Trace a model with two inputs that should give the same; where the two part."""
    parted = parting(trace(model, inputs[0]), trace(model, inputs[1]), gap)
    if parted is None:
        return Blame()
    module = model.get_submodule(parted.path)
    return replace(named(parted.path, module, None, parted.text), by_library=_by_library(model, parted.path))


def _by_library(model: nn.Module, path: str) -> bool:
    """Whose the innermost class is that contains a module and is not PyTorch's own."""
    while path and type(model.get_submodule(path)).__module__.startswith("torch."):
        path = path.rpartition(".")[0]
    return is_library(type(model.get_submodule(path)).__module__)


def named(path: str, module: nn.Module, line: Location | None, text: str) -> Blame:
    """The blame on one module, at a line that explains it, else where its forward begins."""
    who = f"; `{path}` ({type(module).__name__}) is the first whose inputs agree and whose outputs do not ({text})"
    code = source_line(line.file, line.line) if line is not None else ""
    return Blame(
        path=path,
        text=(who if path else "") + (f"; see `{code}`" if code else ""),
        origin=line or forward_line(type(module)),
    )

"""A format: one way of putting a model on disk and getting it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a loader may know of a model besides its files: its class, and how a new one is made.

    `fresh()` returns a new model whose state is not that of the one that was saved.
    """

    cls: type[nn.Module]
    fresh: Callable[[], nn.Module]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format.

    `applies(model)` says whether its library takes the model at all. `save(model, folder)` writes into an
    empty folder. `load(folder, origin, place)` returns the model that a reader of the folder gets, on the device
    named `place`; where `rebuilds` is true it fills the state into `origin.fresh()`, otherwise the folder and the
    class alone say what is built. What a library raises comes out of both. `options` are keywords of `save`.
    """

    name: str
    title: str
    rebuilds: bool
    applies: Callable[[nn.Module], bool]
    save: Callable[[nn.Module, Path], Any]
    load: Callable[[Path, Origin, str], nn.Module]
    unsafe: bool = False

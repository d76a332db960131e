"""What the walk hands out: a tensor, the path to it, and how the model holds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


class How(StrEnum):
    """The way in which a tensor hangs on the model; it decides whether a move takes the tensor along."""

    PARAMETER = "parameter"
    BUFFER = "buffer"
    GRADIENT = "gradient"
    HIDDEN_PARAMETER = "hidden_parameter"
    """A parameter, or a leaf that requires grad, which `model.parameters()` does not list."""
    HIDDEN_MODULE = "hidden_module"
    """Registered in a module that `model.modules()` does not list: one in a plain list, for instance."""
    ATTRIBUTE = "attribute"
    CONTAINER = "container"
    OBJECT = "object"
    """Held by a helper that is not a Module."""
    OPTIMIZER = "optimizer"
    PARTIAL = "partial"
    CACHE = "cache"
    """A result that `functools.lru_cache` or `functools.cached_property` keeps."""
    HOOK = "hook"
    CLOSURE = "closure"
    DEFAULT = "default"
    CLASS = "class"
    GLOBAL = "global"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reached:
    """One tensor that the model can get at.

    `path` is what a user types after `model.`; a part in angle brackets is a place without an
    attribute of its own: `act.<closure>.scale`, `forward.<defaults>.mask`, `forward.<globals>.MEAN`,
    `body[0].<hooks>.keep.<closure>.store`, `table.<cache>[0]`, `bag.<items>[0]` (the n-th of a set),
    `memo.<values>[2]` (the n-th of a dict whose key cannot be printed).
    `holder` is the path of the owner, empty for the root. `hint` says what to type where the
    tensor must move with the model. `weak` is true for a tensor that the model only refers to and
    does not own: closures, defaults, class attributes, hooks, globals, and all behind them.
    `host_ok` is true for a tensor that PyTorch itself keeps on the CPU, as an optimizer's `step`.
    """

    path: str
    tensor: torch.Tensor = field(repr=False)
    how: How
    holder: str
    hint: str
    weak: bool = False
    host_ok: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Where the walk gives up: steps from the root, objects in all, elements of one container."""

    depth: int = 128
    objects: int = 500_000
    items: int = 100_000

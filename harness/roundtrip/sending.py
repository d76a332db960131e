"""Sending: a target, or what it is fed, goes to another process by its address, by its recipe, or as it is."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from .. import loading
from ..errors import NotChecked
from ..target import Target

_UNPICKLABLE = (pickle.PicklingError, pickle.UnpicklingError, AttributeError, TypeError, NotImplementedError)


def send_target(target: Target, model: Callable[[], nn.Module], file: Path) -> None:
    """Write the recipe of a target, or its model where the recipe cannot be pickled. Raises `NotChecked`."""
    try:
        pickle.dumps((target.build, target.inputs))
        torch.save(("recipe", (target.build, target.inputs)), file)
        return
    except _UNPICKLABLE:
        pass
    try:
        torch.save(("instance", model()), file)
    except _UNPICKLABLE as error:
        raise NotChecked(
            f"a fresh process was not asked: the target has no address and cannot be pickled ({error}); "
            "name it by package.module:name or file.py:name"
        ) from error


def send_inputs(inputs: Any, file: Path) -> None:
    """Write inputs that another process can read without running anything; no file for others."""
    try:
        torch.save(inputs, file)
        torch.load(file, weights_only=True)
    # Objects of the target's own classes: they might not be found there. The target makes them again.
    except (*_UNPICKLABLE, RuntimeError):
        file.unlink(missing_ok=True)


def received(address: tuple[str, str | None] | None, file: Path) -> Target:
    """The target of an address, else the one that was sent. Only files of the process that asks come here."""
    if address is not None:
        return loading.target(*address)
    kind, thing = torch.load(file, weights_only=False)
    if kind == "recipe":
        return Target(name="target", build=thing[0], inputs=thing[1])
    return Target(name="target", build=_giving(thing))


def _giving(model: Any) -> Callable[[], Any]:
    return lambda: model

"""The object in hand: the very model that a target builds, how it was made, and what it is fed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from ..device import Device
from ..errors import NotChecked
from ..formats import Format, Origin
from ..subject import moved
from ..target import Target
from .rebuilding import replay
from .recording import Recording, recording
from .running import copied
from .ties import ties

# How a new model comes about: by its class, called as it was; by the target's factory; or as a copy of an instance.
BY_CLASS, BY_FACTORY, BY_COPY = "its class, called as it was", "the factory", "a copy of the instance"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hand:
    """A model, the recording of its construction, and its inputs; `unfed` says why there are none.

    `parted` are pairs of names that were one parameter until the model was moved to its device.
    """

    model: nn.Module
    recorded: Recording
    inputs: Any
    unfed: str | None
    target: Target
    parted: tuple[tuple[str, str], ...] = ()

    def origins(self, fmt: Format) -> dict[str, Origin]:
        """Ways to a new model for a format that fills one, the most honest first; for others, one way."""
        cls = type(self.model)
        if not fmt.rebuilds:
            return {BY_CLASS: Origin(cls=cls, fresh=self.target.build)}
        again = None if fmt.name == "adapter" else replay(self.model, self.recorded)
        if again is not None:
            return {
                BY_CLASS: Origin(cls=cls, fresh=again),
                BY_FACTORY: Origin(cls=cls, fresh=self.target.build),
            }
        way = BY_FACTORY if self.recorded.built_any else BY_COPY
        return {way: Origin(cls=cls, fresh=self.target.build)}


def take(target: Target, device: Device) -> Hand:
    """Build a target once, watching, and move it to a device.

    Raises `NotChecked` for a lazy model: it has no weights to save before its first call.
    """
    with recording() as recorded:
        model = target.build()
    shapeless = next((name for name, p in model.named_parameters() if is_lazy(p)), None)
    if shapeless is not None:
        raise NotChecked(f"`{shapeless}` has no shape before the first call: call the model once in the factory")
    given = [c.given for c in recorded.constructions.values() if c.made is model]
    config = getattr(model, "config", None)
    recorded.keep_only([*model.modules(), config, *_modules(given)])
    inputs, unfed = None, "no inputs are known, give --inputs" if target.inputs is None else None
    if target.inputs is not None:
        try:
            inputs = target.inputs()
        except NotChecked as reason:
            unfed = str(reason)
    parted: list[tuple[str, str]] = []
    if device.kind != "cpu":
        before = ties(model)
        model.to(device.name)
        after = ties(model) if before.objects else before
        parted = [pair for pair in before.united() if not after.unites(*pair)]
        inputs = moved(inputs, torch.device(device.name))
    return Hand(model=model, recorded=recorded, inputs=copied(inputs), unfed=unfed, target=target, parted=tuple(parted))


def _modules(value: Any) -> list[object]:
    """Modules in arguments, and in the arguments of those: see `Recording.keep_only`."""
    if isinstance(value, nn.Module):
        return list(value.modules())
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [found for item in items for found in _modules(item)]

"""A subject: a target's model, built, moved to the device and ready to be called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from .device import Device
from .errors import NotChecked
from .target import Target


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Subject:
    """A model on the device under test and a recipe for its inputs there."""

    model: nn.Module
    device: torch.device
    inputs: Callable[[], Any] | None

    def fresh_inputs(self, device: torch.device | None = None) -> Any:
        """New arguments, every tensor among them on `device`. Raises `NotChecked` where none are known."""
        if self.inputs is None:
            raise NotChecked("cannot be fed: no inputs are known, give --inputs")
        return moved(self.inputs(), device or self.device)

    def call(self, device: torch.device | None = None) -> Any:
        """Call the model once, with fresh inputs."""
        return call(self.model, self.fresh_inputs(device))


def prepare(target: Target, device: Device) -> Subject:
    """Build a target and move it to a device. The device stands already."""
    model = target.build()
    place = torch.device(device.name)
    if device.kind != "cpu":
        model.to(place)
    return Subject(model=model, device=place, inputs=target.inputs)


def on_host(target: Target, *, train: bool = False) -> Subject:
    """Build a target and leave it on the CPU, for comparison."""
    subject = Subject(model=target.build(), device=torch.device("cpu"), inputs=target.inputs)
    subject.model.train(train)
    return subject


def call(model: nn.Module, inputs: Any) -> Any:
    """Call a model: a dict is keywords, a tuple positions, anything else the only argument."""
    if isinstance(inputs, dict):
        return model(**inputs)
    if isinstance(inputs, tuple) and not hasattr(inputs, "_fields"):
        return model(*inputs)
    return model(inputs)


def moved(value: Any, device: torch.device) -> Any:
    """The value with every tensor in it on a device: through dicts, lists, tuples, dataclasses and `.to()`."""
    if isinstance(value, Tensor):
        return value.to(device)
    if isinstance(value, Mapping) and hasattr(value, "to"):  # transformers' BatchEncoding
        return value.to(device)
    if isinstance(value, dict):
        return type(value)((k, moved(v, device)) for k, v in value.items())
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(moved(v, device) for v in value))
    if isinstance(value, (list, tuple)):
        return type(value)(moved(v, device) for v in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: moved(getattr(value, f.name), device) for f in fields(value) if f.init})
    return value


def tensors(value: Any, path: str = "output") -> Iterator[tuple[str, Tensor]]:
    """The tensors of an output with their paths: `output`, `output[0]`, `output['gram']`, `output.logits`."""
    if isinstance(value, Tensor):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from tensors(item, f"{path}[{key!r}]")
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            yield from tensors(item, f"{path}[{i}]")
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from tensors(getattr(value, field.name), f"{path}.{field.name}")

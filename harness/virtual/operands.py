"""Operands: the tensors that an operator was called with, each with its argument's name, label and device."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from . import labels
from .labels import CPU, UNBORN, Label
from .rules import Rule


@dataclass(slots=True, kw_only=True)
class Operand:
    """One tensor argument. `device` is None for a tensor that belongs to nobody here (meta, another backend)."""

    name: str
    position: int
    tensor: Tensor
    label: Label | None
    device: torch.device | None


def operands(rule: Rule, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Operand]:
    """All tensors among the arguments, those in lists included, in the order of the schema."""
    named = [*zip(rule.names, args, strict=False), *kwargs.items()]
    return [_operand(name, i, tensor) for name, value in named for i, tensor in tensors_in(value)]


def _operand(name: str, position: int, tensor: Tensor) -> Operand:
    label = labels.get(tensor)
    return Operand(name=name, position=position, tensor=tensor, label=label, device=device_of(tensor, label))


def tensors_in(value: Any) -> Iterator[tuple[int, Tensor]]:
    """The tensors of one argument, with their places in its list."""
    if isinstance(value, Tensor):
        yield 0, value
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            if isinstance(item, Tensor):
                yield i, item


def device_of(tensor: Tensor, label: Label | None) -> torch.device | None:
    """Where a tensor is: its label's device, `UNBORN`, the CPU, or None for a backend that is not ours."""
    if tensor.is_meta or not tensor.is_cpu:
        return None
    return CPU if label is None else label.device


def ambient(values: Any) -> torch.device | None:
    """The device that the arguments of a call have in common: the first accelerator among them, else the CPU.

    None where there is no tensor at all.
    """
    found = None
    for tensor in _walk(values, 0):
        label = labels.get(tensor)
        device = device_of(tensor, label)
        if device is None:
            continue
        if device is UNBORN and label is not None:
            device = label.ambient
        if device is not CPU:
            return device
        found = CPU
    return found


def _walk(value: Any, depth: int) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif depth < 4 and isinstance(value, (list, tuple)):
        for item in value:
            yield from _walk(item, depth + 1)
    elif depth < 4 and isinstance(value, dict):
        for item in value.values():
            yield from _walk(item, depth + 1)

"""Birth: the label of a tensor that was just made."""

from __future__ import annotations

from typing import Any

import torch

from . import labels
from .labels import CPU, UNBORN, Label
from .operands import ambient, operands
from .origins import stamp
from .rules import Rule
from .session import Running, Session

# A computed host tensor remembers this many of the tensors it came from; more would only be noise in a message.
MOST_ROOTS = 4


def unborn(session: Session, running: Running) -> Label:
    """The label of a storage made inside C++ in the running call; outside any, a legacy constructor's on the CPU."""
    if running.call == 0:
        return stamp(Label(CPU, epoch=session.epoch))
    label = Label(UNBORN, epoch=session.epoch)
    label.call = running.call
    label.ambient = ambient(running.arguments) or CPU
    return stamp(label)


def made(session: Session, device: torch.device, *, named: bool, data: bool = False) -> Label:
    """The label of a tensor that the program made with a factory.

    `named` where it said on which device, `data` where it was made of Python or NumPy numbers.
    """
    if not session.needs_origin(device):
        return session.plain(device)
    label = Label(device, epoch=session.epoch)
    label.named = named
    label.data = data
    return stamp(label)


def witness(session: Session, tensor: torch.Tensor) -> None:
    """Give a host tensor a birth certificate that came from outside (a file, NumPy) and has none yet."""
    if tensor.is_cpu and labels.storages(tensor) and labels.get(tensor) is None:
        labels.put(tensor, made(session, CPU, named=False, data=True))


def compute(session: Session, rule: Rule, device: torch.device, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Label:
    """The label of an operator's result away from home, and the marks that its operands get from being used there."""
    sources = [known(session, o.tensor, o.label) for o in operands(rule, args, kwargs)]
    label = Label(device, epoch=session.epoch)
    label.roots = _roots(sources)
    label.from_device = any(s.from_device for s in sources)
    for source in sources:
        source.used = session.epoch
    if label.from_device and rule.writes:
        for operand in operands(rule, args, kwargs):
            if operand.name in rule.writes and operand.label is not None:
                operand.label.from_device = True
    return stamp(label)


def known(session: Session, tensor: torch.Tensor, label: Label | None) -> Label:
    """The label of an operand, given to it now if it was made before anyone watched."""
    if label is None:
        label = Label(CPU, epoch=session.epoch)
        labels.put(tensor, label)
    return label


def _roots(sources: list[Label]) -> tuple[Label, ...]:
    found: list[Label] = []
    for source in sources:
        for root in source.roots or (source,):
            if root not in found and len(found) < MOST_ROOTS:
                found.append(root)
    return tuple(found)

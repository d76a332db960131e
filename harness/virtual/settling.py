"""Settling: where an operator takes place whose tensors are on several devices, or not yet born."""

from __future__ import annotations

from typing import Any

import torch

from . import labels
from .birth import known
from .generators import place_of
from .labels import CPU, UNBORN
from .operands import Operand, operands
from .refusal import refuse
from .rules import Kind, Rule
from .session import Running, Session
from .transfers import note
from .verdict import expected_device, verdict


def settle(
    session: Session, running: Running, rule: Rule, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> torch.device | None:
    """The device where a call with tensors on several devices, or with unborn ones, takes place."""
    given = operands(rule, args, kwargs)
    pending = [o for o in given if o.device is UNBORN and not _resolve(o, running)]
    placed = [o for o in given if o.device is not None and o.device is not UNBORN]
    devices = {o.device for o in placed}
    if not devices:
        return UNBORN if pending else None
    is_simple = len(devices) == 1 and not rule.host_only
    device = placed[0].device if is_simple else _judge(session, rule, func, placed)
    for operand in pending:
        if operand.label is not None and device is not None:
            operand.label.device = device
            operand.label.call = 0
    return device


def _resolve(operand: Operand, running: Running) -> bool:
    """Settle an unborn operand that outlived its call on its ambient device. True if it is settled now."""
    label = operand.label
    if label is None or label.call == running.call:
        return False
    label.device = operand.device = label.ambient
    label.call = 0
    return True


def _judge(session: Session, rule: Rule, func: Any, placed: list[Operand]) -> torch.device:
    for operand in placed:
        if operand.device is CPU:
            known(session, operand.tensor, operand.label).used = session.epoch
    refusal = verdict(rule, placed, session.home)
    if refusal is not None:
        for stray in refusal.culprits:  # of which PyTorch names one at a time
            refuse(
                session,
                RuntimeError,
                refusal.error,
                code=_code(stray, refusal.expected),
                op=func.name(),
                culprit=stray.tensor,
                expected=refusal.expected,
                argument=stray.name,
            )
        return expected_device(placed, session.home)
    if rule.kind is Kind.CROSS:
        return _cross(session, func, placed)
    if rule.skips_empty:
        return placed[0].device or CPU
    if rule.kind is Kind.INDEX:
        placed = [o for o in placed if o.name == "self"] or [o for o in placed if o.name != "indices"] or placed
    bound = [o for o in placed if o.name not in rule.host_arguments]
    return expected_device(bound or placed, session.home)


def _cross(session: Session, func: Any, placed: list[Operand]) -> torch.device:
    """A copy inside an operator: the destination, which comes first, keeps its device."""
    target, source = placed[0], placed[-1]
    device = target.device or CPU
    if device is CPU:
        known(session, target.tensor, labels.get(target.tensor)).from_device = True
    nbytes = source.tensor.numel() * source.tensor.element_size()
    note(session, nbytes, source.label, (source.device or CPU, device), op=func.name())
    return device


def check_generator(session: Session, func: Any, generator: torch.Generator, device: torch.device) -> None:
    """Refuse a generator of another device than the one that the operator runs on."""
    theirs = place_of(generator).type
    if device is UNBORN or theirs == device.type:
        return
    refuse(
        session,
        RuntimeError,
        f"Expected a '{device.type}' device type for generator but found '{theirs}'",
        code="SD203",
        op=func.name(),
        culprit=generator,
        expected=device,
        argument="generator",
    )


def _code(culprit: Operand, expected: torch.device) -> str:
    """A stray on another accelerator than the one under test was sent there by name."""
    return "SD201" if culprit.device is CPU or expected is CPU else "SD206"

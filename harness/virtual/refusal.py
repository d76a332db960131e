"""Refusals: PyTorch's error with what PyTorch cannot know, or an entry in the ledger."""

from __future__ import annotations

import linecache
from types import FrameType

import torch
from torch import Tensor

from ..finding import Location
from . import generators, labels, origins
from .labels import Label
from .ledger import Mismatch
from .mends import mend
from .session import Session


def refuse(
    session: Session,
    error: type[Exception],
    words: str,
    *,
    code: str,
    op: str,
    culprit: Tensor | torch.Generator | None,
    expected: torch.device,
    argument: str | None = None,
) -> None:
    """Raise `error(words + what we know)`, or record the mismatch if the session keeps a ledger.

    Returns in the second case: the caller goes on as if the operand had been moved to `expected`.
    """
    label = _label_of(culprit)
    frame = origins.user_frame()
    use = None if frame is None else origins.locate(frame.f_code, frame.f_lasti)
    name = None if frame is None or culprit is None else _name_in(frame, culprit)
    if session.ledger is None:
        who = f"`{name}`" if name else "the tensor" if isinstance(culprit, Tensor | None) else "the generator"
        raise error(words + _addition(who, label, use, expected, code))
    session.ledger.mismatch(
        Mismatch(
            code=code,
            error=f"{error.__name__}: {words}",
            op=op,
            argument=argument,
            label=label,
            culprit=culprit.detach() if isinstance(culprit, Tensor) else culprit,
            device="cpu" if label is None else str(label.device),
            expected=str(expected),
            use=use,
            name=name,
            epoch=session.epoch,
        )
    )


def _label_of(culprit: Tensor | torch.Generator | None) -> Label | None:
    if isinstance(culprit, Tensor):
        return labels.get(culprit)
    return None if culprit is None else generators.get(culprit)


def _name_in(frame: FrameType, tensor: Tensor | torch.Generator) -> str | None:
    """What the running function calls the culprit: a local variable or attribute of `self` that has its storage."""
    if not isinstance(tensor, Tensor):
        return next((name for name, value in frame.f_locals.items() if generators.same(value, tensor)), None)
    wanted = {s._cdata for s in labels.storages(tensor)}
    own: dict[str, object] = getattr(frame.f_locals.get("self"), "__dict__", {})
    for name, value in (*frame.f_locals.items(), *own.items()):
        if isinstance(value, Tensor) and wanted & {s._cdata for s in labels.storages(value)}:
            return name
    return None


def _addition(who: str, label: Label | None, use: Location | None, expected: torch.device, code: str) -> str:
    """The lines below PyTorch's message: who the stray is, where it was made, where it hurt, what to do."""
    made = origins.origin(label)
    device = "cpu" if label is None else str(label.device)
    where = f"{who} is on {device}, expected {expected}"
    if code == "SD205":  # nobody is in the wrong place
        where = f"{expected} has no kernel, by PyTorch's declarations"
    lines = [f"\n\nsamedevice: {where}"]
    if made is not None:
        lines.append(f"  made at {_spell(made)}")
    if use is not None:
        lines.append(f"  used at {_spell(use)}")
    lines.append(f"  mend: {mend(code, str(expected))}")
    return "\n".join(lines)


def _spell(place: Location) -> str:
    text = linecache.getline(place.file, place.line).strip()
    return f"{place.file}:{place.line}" + (f": {text}" if text else "")

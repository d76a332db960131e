"""Observing: run a piece of a model's life and turn what the device refused into findings."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from .blame import said
from .errors import NotChecked, SamedeviceError
from .explaining import explain
from .finding import Finding, Location, Severity
from .virtual.session import Session, current

# What PyTorch says when devices do not fit, on hardware; the virtual device says the same.
_DEVICE_ERROR = re.compile(
    r"same device|device type|generator|MPS framework doesn't support|Placeholder storage|weight type|"
    r"invalid device ordinal|not compiled with|convert .* device type tensor to numpy|should be either on cpu",
    re.IGNORECASE,
)
_TORCH = str(Path(torch.__file__).parent)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observed:
    """What came of it: the returned value (None where it was cut short) and the findings on the way."""

    value: Any
    findings: tuple[Finding, ...]

    def refusal(self, place: str) -> str:
        """Why nothing more can be asked on the device, in a few words: `forward` has the whole finding."""
        first = self.findings[0]
        what = first.message.splitlines()[0].partition(": ")[0]
        return f"{place} refuses the model: {what} ({first.code}, see forward)"


def session() -> Session | None:
    """The standing virtual session that keeps a ledger; None on real hardware."""
    found = current()
    return found if found is not None and found.ledger is not None else None


def observe(model: nn.Module, action: Callable[[], Any]) -> Observed:
    """Run an action on the standing device.

    A virtual device records every mismatch and goes on, and what it recorded before (while the model moved)
    counts too; real hardware stops at the first. An exception
    that is not about devices is the target's own and passes through, unless mismatches came before
    it: on hardware it would not have been reached.
    """
    standing = session()
    ledger = standing.ledger if standing is not None else None
    value, stopped = None, None
    try:
        value = action()
    except (RuntimeError, TypeError, AssertionError, NotImplementedError, ValueError, IndexError) as error:
        if not is_about_devices(error) and not (ledger is not None and ledger.mismatches):
            raise
        stopped = error
    findings = [explain(mismatch, model) for mismatch in ledger.take()] if ledger is not None else []
    if stopped is not None and not findings:
        findings.append(_refused(stopped))
    # What the backward engine refuses in the wake of a forward's mismatch has no line of its own.
    located = [finding for finding in findings if finding.origin is not None or finding.use is not None]
    return Observed(value=value, findings=tuple(located or findings))


def is_about_devices(error: Exception) -> bool:
    """True for what PyTorch says where devices do not fit, on hardware and on a virtual device."""
    return _DEVICE_ERROR.search(said(error)) is not None


def _refused(error: Exception) -> Finding:
    """The finding for an error that the device raised."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith(_TORCH)]
    ours = str(Path(__file__).parent)
    last = next((f for f in reversed(frames) if not f.filename.startswith(ours)), None)
    place = None if last is None or last.lineno is None else Location(file=last.filename, line=last.lineno)
    text = "" if last is None or not last.line else f" at `{last.line}`"
    return Finding(
        code="SD206" if "ordinal" in said(error) else "SD201",
        severity=Severity.ERROR,
        message=f"{type(error).__name__}{text}: {_first_line(error)}",
        use=place,
        origin=place,
        hint="run the same check on a virtual device, which names the tensor and the line that made it",
    )


def observe_or_skip(model: nn.Module, action: Callable[[], Any], on_host: Callable[[], Any]) -> Observed:
    """The same, for something that not every model can do at all: where it fails on the CPU too, it is not checked.

    Raises `NotChecked` with the reason then.
    """
    try:
        return observe(model, action)
    except SamedeviceError:
        raise
    except Exception as error:
        try:
            on_host()
        except type(error) as same:
            raise NotChecked(f"fails on the CPU too: {type(same).__name__}: {_first_line(same)}") from error
        raise


def _first_line(error: BaseException) -> str:
    return said(error).partition("\n")[0]


def steps(standing: Session | None) -> None:
    """Mark the beginning of a new phase: another forward, say."""
    if standing is not None:
        standing.epoch += 1

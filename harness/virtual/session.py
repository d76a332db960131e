"""The session: which virtual devices exist now, and what has been seen on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from .labels import CPU, Label
from .ledger import Ledger
from .memory import Memory
from .profiles import Profile
from .rules import Rule
from .transfers import Transfer


class Running:
    """What one thread is in the middle of.

    `call` is the serial number of the outermost torch call that runs now: 0 where none does, `FACTORY`
    where the caller will label the result itself. `arguments` are that call's. `seen()` is a context in
    which Python code sees the devices again, which PyTorch hides from it while a torch call runs.
    """

    __slots__ = ("arguments", "call", "last", "seen")

    def __init__(self) -> None:
        self.seen: Callable[[], AbstractContextManager[Any]] = nullcontext
        self.call = 0
        self.last = 0
        self.arguments: tuple[Any, ...] = ()

    @contextmanager
    def calling(self, *arguments: Any) -> Iterator[None]:
        """Be in the middle of one more call."""
        before = self.call, self.arguments
        self.last += 1
        self.call, self.arguments = self.last, arguments
        try:
            yield
        finally:
            self.call, self.arguments = before


FACTORY = -1


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    """The virtual devices of one `virtual(...)` block, shared by all of its threads.

    `profile` says what the devices are, `memory` what lies on them; `watchers` are told of every transfer.
    `home` is the device under test, if there is one: only what strays from it needs a birth certificate,
    unless `witness` asks for everybody's.
    `ledger` records mismatches (which are then mended and execution goes on) and transfers; without
    one a mismatch raises PyTorch's error. `epoch` counts the phases that a check marks, `casting` the autocasts of
    these devices that the program is in. `streams` are the current ones by index, `rules` those of
    the operators that were asked for, by their ids.
    """

    kind: str
    count: int
    home: torch.device | None = None
    ledger: Ledger | None = None
    profile: Profile
    memory: Memory = field(default_factory=Memory)
    watchers: list[Callable[[Transfer], None]] = field(default_factory=list)
    witness: bool = False
    epoch: int = 0
    current: int = 0
    casting: int = 0
    rules: dict[int, Rule] = field(default_factory=dict)
    streams: dict[int, Any] = field(default_factory=dict)
    outer: Session | None = None
    _plain: dict[torch.device, Label] = field(default_factory=dict)

    def owns(self, kind: str) -> bool:
        """True where this session, or one around it, provides devices of the kind."""
        return kind == self.kind or (self.outer is not None and self.outer.owns(kind))

    def devices_of(self, kind: str) -> int:
        """How many virtual devices of the kind there are."""
        if kind == self.kind:
            return self.count
        return 0 if self.outer is None else self.outer.devices_of(kind)

    def index_of(self, kind: str) -> int:
        """The current device's index of the kind."""
        if kind == self.kind or self.outer is None:
            return self.current
        return self.outer.index_of(kind)

    def resolve(self, wanted: Any) -> torch.device:
        """The interned device that a program's words mean: a `torch.device`, a string, or an index.

        Raises PyTorch's own error for an index that does not exist.
        """
        place = torch.device(self.kind, wanted) if type(wanted) is int else torch.device(wanted)
        kind, index = place.type, place.index
        if kind == "cpu":
            return CPU
        if not self.owns(kind):
            return place
        index = self.index_of(kind) if index is None else index
        if index >= self.devices_of(kind):
            raise _invalid_ordinal(kind)
        return intern(kind, index)

    def plain(self, device: torch.device) -> Label:
        """The label without birth certificate of a device, shared by all that is computed there."""
        label = self._plain.get(device)
        if label is None:
            label = self._plain[device] = Label(device)
            label.shared = True
            label.home = not self.needs_origin(device)
        return label

    def at_home(self, tensor: Tensor) -> torch.device | None:
        """Where a tensor is that shares the label of all that is at home; None for every other one: a short cut."""
        try:
            label: Label | None = tensor.untyped_storage()._samedevice_label  # type: ignore[attr-defined]
        except (NotImplementedError, RuntimeError, ValueError):
            return None
        if label is None or not label.home or self._plain.get(label.device) is not label:
            return None
        return label.device

    def needs_origin(self, device: torch.device) -> bool:
        """Whether something made on the device may later be a culprit: whatever is not at home."""
        if self.witness:
            return True
        return device is not self.home if self.home is not None else device is CPU


def _invalid_ordinal(kind: str) -> RuntimeError:
    if kind == "cuda":
        return torch.AcceleratorError(
            "CUDA error: invalid device ordinal\nGPU device may be out of range, do you have enough GPUs?"
        )
    return RuntimeError(f"Invalid {kind} device index")


_DEVICES: dict[tuple[str, int], torch.device] = {}
_stack: list[Session] = []


def intern(kind: str, index: int) -> torch.device:
    """One `torch.device` object per device and process, so that labels compare by identity, old ones too."""
    return _DEVICES.setdefault((kind, index), torch.device(kind, index))


def current() -> Session | None:
    """The innermost standing session of this process; None outside every `virtual(...)` block."""
    return _stack[-1] if _stack else None


def push(session: Session) -> None:
    """Make a session the innermost one."""
    _stack.append(session)


def pop(session: Session) -> None:
    """End a session; threads that outlive it find none."""
    _stack.remove(session)

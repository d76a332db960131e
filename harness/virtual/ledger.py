"""The ledger: the mismatches that were mended and the copies that were made, in the order they happened."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import Generator, Tensor

from ..finding import Location
from .labels import Label
from .transfers import Transfer


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mismatch:
    """One refusal: what PyTorch would have raised, the operand to blame, and where.

    `code` is the finding code. `culprit` is kept, so that nothing else can take its memory and its name;
    `argument` is the operator's name for it, `name` the running frame's, `device` where it was and
    `expected` where it should have been.
    """

    code: str
    error: str
    op: str
    argument: str | None
    label: Label | None
    culprit: Tensor | Generator | None
    device: str
    expected: str
    use: Location | None
    name: str | None
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One call of an operator whose `kernel` is not deterministic on the device, and the line of the program."""

    op: str
    kernel: str
    use: Location | None


@dataclass(slots=True, kw_only=True, eq=False)
class Ledger:
    """What a check reads after it has run the model."""

    mismatches: list[Mismatch] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    alerts: dict[Alert, int] = field(default_factory=dict)
    _seen: set[tuple[object, ...]] = field(default_factory=set)

    def mismatch(self, mismatch: Mismatch) -> None:
        """Record a mismatch, once per culprit and phase."""
        label = mismatch.label
        # The label itself: kept here, so that no later one can take its place in memory and pass for it.
        culprit = label if label is not None and not label.shared else mismatch.use
        key = (mismatch.code, culprit, mismatch.epoch)
        if key not in self._seen:
            self._seen.add(key)
            self.mismatches.append(mismatch)

    def alert(self, alert: Alert) -> None:
        """Count a call that is not deterministic."""
        self.alerts[alert] = self.alerts.get(alert, 0) + 1

    def take(self) -> tuple[Mismatch, ...]:
        """The mismatches since the last time."""
        taken = tuple(self.mismatches)
        self.mismatches.clear()
        return taken

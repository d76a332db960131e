"""What a comparison came to: a state for each cell, and whether the gate holds."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from ..finding import Finding, Severity
from .known import Flaw, Key


class State(StrEnum):
    """How a cell stands to the baseline, worst first."""

    FAIL = "FAIL"
    MISSING = "MISSING"
    FLAKY = "FLAKY"
    IMPROVED = "IMPROVED"
    NOT_CHECKED = "NOT CHECKED"
    XFAIL = "XFAIL"
    PASS = "PASS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One cell. `holds` is False where the state must not be: it is not what the baseline says.

    `new` are the findings that the baseline does not know, `crash` the reason of a cell that broke anew; `gone` are
    the flaws that it knows and that did not show; `said` says the rest in words: reasons, outcomes that differ.
    """

    key: Key
    state: State
    holds: bool
    new: tuple[Finding, ...] = ()
    crash: str = ""
    gone: tuple[Flaw, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overhead:
    """`ratio`: the median of a device's times over the CPU's for the same work in the same run, if any."""

    device: str
    ratio: float | None
    pairs: int
    allowed: float

    @property
    def holds(self) -> bool:
        """Whether it was measured, and is as small as it should be."""
        return self.ratio is not None and self.ratio <= self.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All cells of a baseline and of the reports, worst first. `update` is the command that accepts what is new."""

    baseline: str
    level: Severity
    judged: tuple[Judged, ...]
    update: str
    overheads: tuple[Overhead, ...] = ()

    @property
    def counts(self) -> Counter[State]:
        """Cells per state."""
        return Counter(one.state for one in self.judged)

    @property
    def is_broken(self) -> bool:
        """Whether something was compared and is not as the baseline says, or is slower than allowed."""
        slow = any(one.ratio is not None and not one.holds for one in self.overheads)
        return slow or any(not one.holds and one.state is not State.NOT_CHECKED for one in self.judged)

    @property
    def is_open(self) -> bool:
        """Whether something that should have been compared was not checked."""
        left = any(not one.holds and one.state is State.NOT_CHECKED for one in self.judged)
        return left or any(one.ratio is None for one in self.overheads)

"""A result: what one cell (target x device x check) came to. Names only: it pickles and becomes JSON."""

from dataclasses import dataclass
from enum import StrEnum

from .device import Device
from .finding import Finding, Severity
from .listing import Listing
from .measure import Measure
from .suppression import Comment, Suppressed


class Status(StrEnum):
    """`FAIL`: a finding of severity error. `ERROR`: target or check crashed. `NOT_CHECKED` never counts as a pass."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"
    NOT_CHECKED = "not-checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome of one cell. `reason` says why it is `error` or `not-checked`; `seconds` is wall time.

    `listing` is what the check looked at, where a reader wants to see that: the files of an audit. `suppressed` are
    the findings that do not count, `met` the suppressions in the model's code, known until the run is over.
    """

    target: str
    device: Device
    check: str
    status: Status
    seconds: float = 0.0
    measures: tuple[Measure, ...] = ()
    findings: tuple[Finding, ...] = ()
    reason: str | None = None
    suite: str | None = None
    listing: Listing | None = None
    suppressed: tuple[Suppressed, ...] = ()
    met: tuple[Comment, ...] = ()

    @property
    def has_problem(self) -> bool:
        """True where there is a finding of severity error or warning."""
        return any(finding.severity is not Severity.NOTE for finding in self.findings)

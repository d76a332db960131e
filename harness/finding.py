"""A finding: one thing that is wrong, who is to blame, and what to type."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`ERROR` fails its cell; `WARNING` is a finding that does not; `NOTE` is information."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A line of source: `file` as the interpreter knows it, `line` counted from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One defect.

    `code` is a key of `codes.CODES`. `subject` is an attribute path from the model, a state key,
    a config field, a file name or, for a local tensor, the variable's name. `origin` is the line
    that created the culprit, `use` the line where it hurt, `op` the ATen operator or API call that
    noticed, `hint` what to type.
    """

    code: str
    message: str
    severity: Severity = Severity.ERROR
    subject: str | None = None
    op: str | None = None
    origin: Location | None = None
    use: Location | None = None
    hint: str | None = None

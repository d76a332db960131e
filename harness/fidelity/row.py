"""A row: one call with its operands placed in one way, and what came of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Ending(StrEnum):
    """How a call ended: it returned, it raised, or its process died or hung, which says nothing about the device."""

    ALLOWED = "allowed"
    RAISED = "raised"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a call.

    `results` describe the leaves of what it returned: `float32@cuda:0` for a tensor, else the name of
    the type. `error` is the name of the exception's type, `message` the first line of its words, or how
    the process ended.
    """

    ending: Ending
    results: tuple[str, ...] = ()
    error: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is called, and where its operands are.

    `subject` is `ops/<OpInfo name>` or `programs/<file>/<function>`. `sample` is the index among the
    OpInfo's samples for `dtype`; a program has neither. `inputs` spells the movable operands, such as
    `float32[2,3] int64[]`. `placement` has one letter for each: `d` on the device, `c` on the CPU.
    """

    subject: str
    family: str
    inputs: str
    placement: str
    dtype: str = ""
    sample: int = 0

    @property
    def key(self) -> str:
        """What tells the calls of one subject apart; the same on every machine."""
        return f"{self.dtype}:{self.sample}:{self.placement}:{self.inputs}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A call and its outcome: one row of a recording."""

    call: Call
    outcome: Outcome


def call_to_json(call: Call) -> dict[str, Any]:
    """A call as plain data."""
    plain: dict[str, Any] = {"subject": call.subject, "family": call.family}
    if call.dtype:
        plain |= {"dtype": call.dtype, "sample": call.sample}
    return plain | {"inputs": call.inputs, "placement": call.placement}


def row_to_json(row: Row) -> dict[str, Any]:
    """A row as plain data: the call's words, then one of `results`, `raised` and `crashed`."""
    outcome = row.outcome
    endings: dict[Ending, dict[str, Any]] = {
        Ending.ALLOWED: {"results": list(outcome.results)},
        Ending.RAISED: {"raised": [outcome.error, outcome.message]},
        Ending.CRASHED: {"crashed": outcome.message},
    }
    return call_to_json(row.call) | endings[outcome.ending]


def row_from_json(plain: dict[str, Any]) -> Row:
    """The row of plain data. Raises `KeyError`, `TypeError` or `ValueError` for data that is none."""
    call = call_from_json(plain)
    if "results" in plain:
        return Row(call=call, outcome=Outcome(ending=Ending.ALLOWED, results=tuple(plain["results"])))
    if "raised" in plain:
        error, message = plain["raised"]
        return Row(call=call, outcome=Outcome(ending=Ending.RAISED, error=error, message=message))
    return Row(call=call, outcome=Outcome(ending=Ending.CRASHED, message=plain["crashed"]))


def call_from_json(plain: dict[str, Any]) -> Call:
    """The call of plain data. Raises `KeyError` for a word that is missing."""
    return Call(
        subject=plain["subject"],
        family=plain["family"],
        inputs=plain["inputs"],
        placement=plain["placement"],
        dtype=plain.get("dtype", ""),
        sample=plain.get("sample", 0),
    )

"""Placements: which operands go to the device, and which one strays."""

from collections.abc import Iterator

from .case import Case
from .row import Call

# Operands beyond these stay with the rest: a list of fifty tensors asks the same question fifty times.
MOST_MOVED = 6


def placements(operands: int, *, strays: bool = True) -> tuple[str, ...]:
    """All on the device; then each in turn on the CPU; then all on the CPU but each in turn.

    One letter per operand, `d` or `c`. Two operands give `dd cd dc`; without operands there is nothing
    to place, and no placement. Without `strays` the first alone.
    """
    if operands == 0:
        return ()
    found = ["d" * operands]
    if operands > 1 and strays:
        for home, stray in ("dc", "cd"):
            found += [
                home * moved + stray + home * (operands - moved - 1) for moved in range(min(operands, MOST_MOVED))
            ]
    return tuple(dict.fromkeys(found))


def calls(subject: str, family: str, case: Case) -> Iterator[Call]:
    """A case with its operands placed in each way."""
    inputs = " ".join(case.operands)
    for placement in placements(len(case.operands), strays=case.strays):
        yield Call(
            subject=subject, family=family, inputs=inputs, placement=placement, dtype=case.dtype, sample=case.sample
        )

"""Does another interpreter, with another hash seed, build the same model and give the same answer?

The order of a set and Python's `hash()` of a text differ between interpreters: where weights are drawn in that order,
the same seed gives another model in every run.
"""

from collections.abc import Iterator

from torch import nn

from ...harness.errors import NotChecked
from ...harness.finding import Finding, Location, Severity
from ...harness.measure import Measure
from ...harness.parity.telling import Told, told, told_elsewhere
from ...harness.roundtrip.running import difference, is_rounding
from ...harness.roundtrip.sources import salted
from ...harness.target import Target

# Two hash seeds under which Python orders words otherwise.
ONE, OTHER = 1, 2


def processes(target: Target, model: nn.Module) -> Iterator[Finding | Measure]:
    """One other process, where a file of the model's classes makes a set, a hash or an address; else there is no need.

    Where it differs, two more tell whether that is the hash seed's doing.
    """
    lines = salted(model)
    if not lines:
        return
    here, again = told(target), told(target)
    if _gap(here, again) is not None or here.inputs != again.inputs:
        return  # a factory that never builds the same promises nothing to another process
    try:
        there = told_elsewhere(target, ONE)
    except NotChecked:
        yield Measure(name="other_processes", value=0)
        return
    gap = _gap(here, there)
    asked = 1
    if gap is not None:
        again, other = told_elsewhere(target, ONE), told_elsewhere(target, OTHER)
        asked = 3
        yield from _judged((there, again, other), gap, lines[0])
    yield Measure(name="other_processes", value=asked)


def _judged(replies: tuple[Told, Told, Told], gap: str, line: Location) -> Iterator[Finding]:
    """An error where the hash seed alone makes the difference; a note where every process is another."""
    there, again, other = replies
    by_process, by_hash = _gap(there, again), _gap(there, other)
    if by_process is None and by_hash is None:
        return  # all others agree: what differs is what this process has been through
    why = "another PYTHONHASHSEED and the same seeds" if by_process is None else "the same seeds and hash seed"
    rounding = not there.state.items() ^ other.state.items() and is_rounding(there.answer, other.answer)
    yield Finding(
        code="SD406",
        severity=Severity.NOTE if by_process is not None or rounding else Severity.ERROR,
        subject=(by_hash or by_process or gap).partition(":")[0],
        message=f"another process, with {why}, gives something else: {by_hash or by_process}",
        origin=line if by_process is None else None,
        hint="`sorted(...)` over a set, `hashlib` instead of `hash()`, nothing by `id()`"
        if by_process is None
        else "seed what the model is built from; nothing is wrong where a factory is meant to build another each time",
    )


def _gap(one: Told, other: Told) -> str | None:
    """How another process's model differs: a tensor of its state, else its answer; None where it does not."""
    names = [name for name in one.state if one.state[name] != other.state.get(name)]
    if names:
        return f"{names[0]}: {len(names)} of {len(one.state)} tensors are built otherwise"
    if one.state.keys() != other.state.keys():
        return f"{next(iter(other.state.keys() ^ one.state.keys()))}: the two have other tensors"
    if one.inputs != other.inputs:
        return None  # fed with something else: nothing follows from another answer
    text = difference(one.answer, other.answer)
    return None if text is None else f"output: {text}"

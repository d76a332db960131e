"""Does a fresh interpreter, with another hash seed, load the same model and answer the same?

Python's `hash()` of a text and the order of a set differ between processes. Where the answer is no, a word goes to one
expert in the training process and to another one in the serving process.
"""

from collections.abc import Iterator

from ...harness.finding import Finding, Location, Severity
from ...harness.measure import Measure
from ...harness.roundtrip import Question, Trip
from ...harness.roundtrip.asking import Reply, replies
from ...harness.roundtrip.census import Census
from ...harness.roundtrip.sources import assigned, salted
from ...harness.roundtrip.verdict import Verdict, judged
from .repeat import differing


def ask(trip: Trip) -> Iterator[Finding | Measure]:
    """Ask as many fresh processes as it takes; the first that differs is reported.

    Each saves the model again: files that it writes with other bytes are notes.

    Raises `NotChecked` where none could be asked.
    """
    if trip.loaded is None or trip.losses or trip.gap:
        yield Measure(name="fresh_processes", value=0)
        return
    asked = 0
    gaps: dict[str, str] = {}
    for reply in replies(trip):
        asked += 1
        gaps |= reply.gaps
        verdict = judged(trip, reply)
        if verdict is not None:
            yield _finding(trip, reply, verdict)
            break
    yield Measure(name="fresh_processes", value=asked)
    yield Measure(name="files_that_processes_write_otherwise", value=len(gaps))
    for name, gap in gaps.items():
        yield differing(name, f"is not the same when another process saves the model: {gap} ({trip.fmt.title})")


def _finding(trip: Trip, reply: Reply, verdict: Verdict) -> Finding:
    line = None if reply.is_bare and verdict.slots else next(iter(salted(trip.hand.model)), None)
    slots = {path: place for path in verdict.slots if (place := _place(trip, path)) is not None}
    return Finding(
        code="SD512",
        severity=Severity.NOTE if verdict.is_rounding else Severity.ERROR,
        subject=verdict.subject,
        message=f"a fresh process (PYTHONHASHSEED={reply.hash_seed}) {verdict.text} ({trip.fmt.title})",
        origin=next(iter(slots.values()), None) or line,
        use=line,
        hint="use nothing that differs between processes: `hashlib` instead of `hash()`, `sorted(...)` over a set"
        if line is not None
        else "use nothing that differs between processes: what the first one kept in globals, time, addresses",
    )


def _place(trip: Trip, path: str) -> Location | None:
    slot = Census(trip.hand.model).slots.get(path)
    return None if slot is None else assigned(slot.holder, slot.name)


PROCESS = Question(
    name="process", question="Does a fresh interpreter load the same model and answer the same?", ask=ask
)

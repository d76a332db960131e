"""Is what the file leaves out made again, to the same value?

Non-persistent buffers and plain tensors are not saved, so the constructor must make them. Transformers builds on the
meta device: what nobody fills afterwards is uninitialised memory, or stays there. Where the answer is no, a position
table holds what lay in memory, and each load computes something else.
"""

from collections.abc import Iterator

from torch import Tensor

from ...harness.finding import Finding, Severity
from ...harness.measure import Measure
from ...harness.roundtrip import Question, Trip
from ...harness.roundtrip.bits import same
from ...harness.roundtrip.census import Census, Slot
from ...harness.roundtrip.sources import assigned


def ask(trip: Trip) -> Iterator[Finding | Measure]:
    """A finding for each that holds raw memory, and for each unsaved buffer whose other value moves the answers."""
    if trip.loaded is None:
        return
    census = Census(trip.hand.model)
    moved = trip.effects.culprits if trip.effects is not None else ()
    slots = (trip.effects.hand.slots if trip.effects is not None else {}) | census.slots
    for path in dict.fromkeys((*trip.raw, *moved)):
        slot = slots.get(path)
        rounded = slot is not None and _is_rounded(slot, trip)
        if path in trip.raw:
            said = "nobody writes to it after the load: it holds no data, or whatever lay in memory"
        elif slot is not None and slot.kind == "buffer":
            said = "it is not saved, a new model has another value in it, and the answers change with it"
            if rounded:
                said += ": the cast of the whole model has rounded it, and a load makes it in full precision"
        else:
            continue
        yield Finding(
            code="SD506",
            severity=Severity.NOTE if rounded or (trip.is_idle and path not in trip.raw) else Severity.ERROR,
            subject=path,
            message=f"`{path}` does not come back: {said} ({trip.fmt.title})",
            origin=None if slot is None else assigned(slot.holder, slot.name),
            hint=f'make it again in `_init_weights`, or save it: `register_buffer("{path.rpartition(".")[2]}", ...)`',
        )


def _is_rounded(slot: Slot, trip: Trip) -> bool:
    """True where the hand's value is the loaded one in less precision."""
    other = trip.effects.loaded.slots.get(slot.path) if trip.effects is not None else None
    if other is None or not isinstance(slot.value, Tensor) or not isinstance(other.value, Tensor):
        return False
    return slot.value.dtype != other.value.dtype and same(other.value.to(slot.value.dtype), slot.value)


BUFFERS = Question(name="buffers", question="Is what the file leaves out made again, to the same value?", ask=ask)

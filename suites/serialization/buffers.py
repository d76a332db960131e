"""Is what the file leaves out made again, to the same value?

Non-persistent buffers and plain tensors are not saved, so the constructor must make them. Transformers builds on the
meta device: what nobody fills afterwards is uninitialised memory, or stays there. Where the answer is no, a position
table holds what lay in memory, and each load computes something else.
"""

from collections.abc import Iterator

from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.roundtrip import Question, Trip
from ...harness.roundtrip.census import Census
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
        if path in trip.raw:
            said = "nobody writes to it after the load: it holds no data, or whatever lay in memory"
        elif slot is not None and slot.kind == "buffer":
            said = "it is not saved, a new model has another value in it, and the answers change with it"
        else:
            continue
        yield Finding(
            code="SD506",
            subject=path,
            message=f"`{path}` does not come back: {said} ({trip.fmt.title})",
            origin=None if slot is None else assigned(slot.holder, slot.name),
            hint=f'make it again in `_init_weights`, or save it: `register_buffer("{path.rpartition(".")[2]}", ...)`',
        )


BUFFERS = Question(name="buffers", question="Is what the file leaves out made again, to the same value?", ask=ask)

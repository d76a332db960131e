"""Does the loaded model answer what the saved one answered, bit for bit, and generate the same tokens?

Where nothing that came back otherwise explains the difference, there is state that neither the state dict, nor the
config, nor any attribute of the model holds: a global, a class attribute, a closure.
"""

from collections.abc import Iterator

from ...harness.errors import NotChecked
from ...harness.finding import Finding, Severity
from ...harness.measure import Measure
from ...harness.roundtrip import BY_CLASS, BY_FACTORY, Question, Trip, load_by
from ...harness.roundtrip.census import Census, Slot
from ...harness.roundtrip.running import answer, difference, generated, is_one_way, is_rounding
from ...harness.roundtrip.sources import assigned


def ask(trip: Trip) -> Iterator[Finding | Measure]:
    """A finding for a difference that no other question has explained."""
    hand = trip.hand
    if trip.before is None or trip.after is None or trip.loaded is None:
        return
    if trip.gap is None:
        yield from _tokens(trip)
    elif trip.effects is not None and not (trip.effects.explained or trip.losses):
        again = answer(hand.model, hand.inputs)
        if not again.equals(trip.before):
            drawn = [slot for slot in Census(hand.model).slots.values() if is_one_way(slot.value)]
            if drawn:
                yield from map(_one_way, drawn)
                return
            raise NotChecked(f"the model does not answer twice the same: {difference(trip.before, again)}")
        if not _is_the_factorys(trip):
            yield _unexplained(trip)


def _unexplained(trip: Trip) -> Finding:
    assert trip.before is not None
    assert trip.after is not None
    assert trip.effects is not None
    close = is_rounding(trip.before, trip.after) and not trip.effects.culprits
    others = ", ".join(f"`{path}`" for path in trip.effects.candidates[:6])
    return Finding(
        code="SD501",
        severity=Severity.NOTE if close else Severity.ERROR,
        subject="output",
        message=f"all saved tensors came back and the answers did not: {trip.gap} ({trip.fmt.title})"
        + ("; a difference of this size may be another order of the same sums" if close else "")
        + (f"; what also differs: {others}" if others else ""),
        hint="look for state outside the model: class attributes, globals, closures, hooks",
    )


def _one_way(slot: Slot) -> Finding:
    return Finding(
        code="SD507",
        subject=slot.path,
        message=f"`{slot.path}` is a {type(slot.value).__name__} that calls draw from, and the answers depend on how "
        "far they came: no copy and no file can hold that",
        origin=assigned(slot.holder, slot.name),
        hint=f"count the draws in `{slot.name}` as a buffer, and compute from the count what the next one gives",
    )


def _is_the_factorys(trip: Trip) -> bool:
    """True where the factory's own model, filled with the same state, answers the same."""
    if trip.way != BY_CLASS or BY_FACTORY not in trip.hand.origins(trip.fmt) or trip.before is None:
        return False
    return answer(load_by(trip, BY_FACTORY), trip.hand.inputs).equals(trip.before)


def _tokens(trip: Trip) -> Iterator[Finding | Measure]:
    before, after = (generated(model, trip.hand.inputs) for model in (trip.hand.model, trip.loaded))
    if before is None or after is None or before.error is not None:
        return
    gap = difference(before, after)
    if gap is not None:
        yield Finding(
            code="SD511",
            subject="generate",
            message=f"one forward gives the same and generation does not: {gap} ({trip.fmt.title})",
            hint="compare the generation configs, and what the cache is built from",
        )


OUTPUTS = Question(name="outputs", question="Does the loaded model answer what the saved one answered?", ask=ask)

"""Does every field of the config come back as it was, and again the same the second time?

Where the answer is no, a field that was set is the default after a load, grows with each save, or a dict's keys have
become texts and nobody finds its entries any more.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ...harness.finding import Finding, Severity
from ...harness.measure import Measure
from ...harness.roundtrip import Question, Trip
from ...harness.roundtrip.fields import Change, changes, is_config, reread
from ...harness.roundtrip.sources import assigned


def ask(trip: Trip) -> Iterator[Finding | Measure]:
    """A finding for each field that came back with another value; for another type, only where the answers move."""
    config = getattr(trip.hand.model, "config", None)
    if trip.fmt.rebuilds or not is_config(config) or trip.loaded is None:
        return
    moved = _moved(trip)
    found = list(changes(config, trip.loaded.config))
    known = {change.name for change in found}
    idle = [change for change in found if change.only_type and change.name not in moved]
    for change in found:
        if change not in idle:
            yield _finding(config, change, "config", in_effect=change.name in moved)
    if idle:
        said = ", ".join(f"`{change.name}`" for change in idle)
        yield replace(
            _finding(config, idle[0], "config", in_effect=False),
            message=f"{said} of the config came back as another type: {idle[0].before} as {idle[0].after}",
        )
    for name in moved - known:
        said = f"`config.{name}` is not restored; with it put back, the answers change"
        yield Finding(code="SD508", subject=f"config.{name}", message=said, origin=assigned(config, name))
    for change in changes(trip.loaded.config, reread(trip.loaded.config)):
        if change.name not in known and not change.only_type:
            yield _finding(config, change, "config, saved and loaded a second time,", in_effect=True)
    yield from _generation(trip.hand.model, trip.loaded)


def _generation(hand: Any, loaded: Any) -> Iterator[Finding]:
    before = getattr(hand, "generation_config", None)
    if before is not None and hand.can_generate():
        for change in changes(before, loaded.generation_config):
            yield _finding(before, change, "generation config", in_effect=not change.only_type)


def _finding(config: Any, change: Change, where: str, *, in_effect: bool) -> Finding:
    is_error = in_effect or not change.only_type
    return Finding(
        code="SD508",
        severity=Severity.ERROR if is_error else Severity.NOTE,
        subject=f"{where.split(',')[0].replace(' ', '_')}.{change.name}",
        message=f"`{change.name}` of the {where} was {change.before} and came back as {change.after}",
        origin=assigned(config, change.name),
        hint="store every argument under its own name and derive the rest in a property"
        if not change.only_type
        else "convert it in `__init__`: JSON knows neither tuples nor keys that are no texts",
    )


def _moved(trip: Trip) -> set[str]:
    """Names of config attributes that move the answers."""
    if trip.effects is None or trip.is_idle:
        return set()
    slots = trip.effects.hand.slots | trip.effects.loaded.slots
    return {slots[path].name for path in trip.effects.culprits if is_config(slots[path].holder)}


CONFIG = Question(name="config", question="Does every field of the config come back as it was?", ask=ask)

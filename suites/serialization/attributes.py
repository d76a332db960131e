"""Does anything outside the state dict and the config decide what the model answers, and come back otherwise?

Counters, fill levels, routing planes, lists of modules, activations: whatever is in a `__dict__` is put back, one by
one. Where the answers move, it is state that was never saved; where they do not, it is nobody's business.
"""

from collections.abc import Iterator

from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.roundtrip import Question, Trip
from ...harness.roundtrip.census import Slot
from ...harness.roundtrip.effects import Effects
from ...harness.roundtrip.fields import is_config
from ...harness.roundtrip.sources import assigned

_LONGEST = 80


def ask(trip: Trip) -> Iterator[Finding | Measure]:
    """A finding for each attribute that moves the answers."""
    effects = trip.effects
    if effects is None:
        return
    for path in effects.culprits:
        slot = effects.hand.slots.get(path) or effects.loaded.slots[path]
        if slot.kind == "buffer" or path in trip.raw or is_config(slot.holder):
            continue
        if any(loss.name.startswith(f"{path}.") for loss in trip.losses):
            continue  # a module that is gone with its parameters, which are named already
        yield Finding(
            code="SD507",
            subject=path,
            message=f"`{path}` is not restored: {_values(path, effects)}; with it put back, the answers change "
            f"({trip.gap}; {trip.fmt.title}){_shared(path, trip)}",
            origin=assigned(slot.holder, slot.name),
            hint=_hint(slot),
        )


def _values(path: str, effects: Effects) -> str:
    before, after = (_text(census.slots.get(path)) for census in (effects.hand, effects.loaded))
    return f"it was {before} and is {after}" if before != after else f"it holds another {before}"


def _text(slot: Slot | None) -> str:
    if slot is None:
        return "not there"
    value = slot.value
    text = repr(value) if isinstance(value, bool | int | float | str | type(None)) else type(value).__qualname__
    if callable(value) and hasattr(value, "__name__"):
        text = value.__name__
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _shared(path: str, trip: Trip) -> str:
    """What the attribute shares memory with since the load."""
    if trip.tied is None:
        return ""
    before, after = trip.tied
    others = {name for group in after.groups if path in group for name in group} - {path}
    new = sorted(name for name in others if not before.joins(path, name))
    return f"; since the load it shares memory with {', '.join(f'`{name}`' for name in new)}" if new else ""


def _hint(slot: Slot) -> str:
    name = slot.name
    if slot.kind == "parameter":
        return "register the module that holds it: `nn.ModuleList` or `nn.ModuleDict` instead of a list or dict"
    if isinstance(slot.value, bool | int | float):
        return f'keep it in the state: `self.register_buffer("{name}", torch.tensor(...))`, or in the config'
    if hasattr(slot.value, "shape"):
        return f'`self.register_buffer("{name}", ...)`'
    return f"derive `{name}` from what is saved, or save it by `get_extra_state` and `set_extra_state`"


ATTRIBUTES = Question(
    name="attributes",
    question="Does anything outside the state and the config decide the answers, and come back otherwise?",
    ask=ask,
)

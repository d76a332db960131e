"""Does anything outside the state dict and the config decide what the model answers, and come back otherwise?

Counters, fill levels, routing planes, lists of modules, activations: whatever is in a `__dict__` is put back, one by
one. Where the answers move, it is state that was never saved; where they do not, it is nobody's business.

What shows only where training goes on (the position in a queue, a count of updates) is an error for a model that is
handed over in training mode, and a note for one in evaluation mode.

A trainer's copy of the weights (an average of them, slow weights, a backup) is said as a note: no state dict holds it
by custom, nor an optimizer's moments, and whoever trains on saves it beside the model.
"""

from collections.abc import Iterator

from torch import Tensor, nn

from ...harness.finding import Finding, Severity
from ...harness.measure import Measure
from ...harness.roundtrip import Question, Trip
from ...harness.roundtrip.census import Slot
from ...harness.roundtrip.effects import Effects
from ...harness.roundtrip.fields import changes, is_config
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
        shadowed = _shadowed(slot, trip.hand.model)
        yield Finding(
            code="SD507",
            severity=Severity.ERROR if shadowed is None and not trip.is_idle else Severity.NOTE,
            subject=path,
            message=f"`{path}` is not restored: {_values(path, effects)}; with it put back, {_answers(trip)}; "
            f"{trip.fmt.title}){_shared(path, trip)}",
            origin=assigned(slot.holder, slot.name),
            hint=_hint(slot) if shadowed is None else _to_trainers(slot.name, shadowed),
        )


def _answers(trip: Trip) -> str:
    if trip.unlearned is None:
        return f"the answers change ({trip.gap}"
    return f"those in training change, and those in evaluation do not ({trip.unlearned}"


def _shadowed(slot: Slot, model: nn.Module) -> str | None:
    """The module whose parameters a collection copies one by one, in their order and untrained; None if none."""
    value = slot.value
    copies = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(copies, list | tuple) or len(copies) < 2:
        return None
    if not all(isinstance(copy, Tensor) and not copy.requires_grad for copy in copies):
        return None
    shapes = [copy.shape for copy in copies]
    owners = (path for path, module in model.named_modules() if shapes == [each.shape for each in module.parameters()])
    return next(owners, None)


def _to_trainers(name: str, path: str) -> str:
    owner = f"`{path}`" if path else "the model"
    return f"`{name}` copies the parameters of {owner} one by one: whoever trains on from the file saves it beside them"


def _values(path: str, effects: Effects) -> str:
    one, two = (census.slots.get(path) for census in (effects.hand, effects.loaded))
    if one is not None and two is not None and is_config(one.value) and is_config(two.value):
        fields = [f"its `{c.name}` was {c.before} and is {c.after}" for c in changes(one.value, two.value)]
        return ", ".join(fields[:4]) or "it is another object"
    before, after = _text(one), _text(two)
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

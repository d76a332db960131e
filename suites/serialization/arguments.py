"""Can every argument that the model was built with be recovered from disk?

Where the answer is no, a load calls the class with a default instead: another activation, another number of experts.
"""

from collections.abc import Iterator
from inspect import Parameter, signature
from typing import Any

from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.roundtrip import Question, Trip
from ...harness.roundtrip.fields import is_config
from ...harness.roundtrip.fingerprint import fingerprint
from ...harness.roundtrip.recording import Construction


def ask(trip: Trip) -> Iterator[Finding | Measure]:
    """A finding for each argument that did not reach the class again, where anything came back different."""
    if trip.fmt.rebuilds or trip.loaded is None or trip.built is None or not _is_different(trip):
        return
    pairs = [(trip.hand.model, trip.loaded), (_config(trip.hand.model), _config(trip.loaded))]
    for one, two in pairs:
        before, after = trip.hand.recorded.of(one), trip.built.of(two)
        if before is None or after is None or not before.outermost:
            continue
        for name, value, now in _lost(before, after):
            yield Finding(
                code="SD509",
                subject=name,
                message=f"argument `{name}` of {type(one).__name__} was {value} and a load passes {now}: "
                f"what it decided is lost ({trip.fmt.title})",
                hint="pass something that JSON can hold, such as a name, and store it in the config under that name",
            )


def _is_different(trip: Trip) -> bool:
    moved = trip.effects is not None and bool(trip.effects.culprits) and not trip.is_idle
    return bool(moved or trip.losses)


def _config(model: Any) -> Any:
    config = getattr(model, "config", None)
    return config if is_config(config) else None


def _lost(before: Construction, after: Construction) -> Iterator[tuple[str, str, str]]:
    defaults = signature(type(before.made).__init__).parameters
    for name, value in before.given.items():
        now = after.given.get(name, _default(defaults.get(name)))
        if is_config(value) or fingerprint(value) == fingerprint(now):
            continue
        if type(value) is not type(now) and isinstance(value, list | tuple) and list(value) == now:
            continue
        yield name, _text(value), _text(now)


def _default(parameter: Parameter | None) -> Any:
    return None if parameter is None or parameter.default is Parameter.empty else parameter.default


def _text(value: Any) -> str:
    text = getattr(value, "__name__", None) or repr(value)
    return text if len(text) <= 80 else text[:79] + "…"


ARGUMENTS = Question(
    name="arguments", question="Can every argument that the model was built with be recovered from disk?", ask=ask
)

"""Does the library write the model at all, and does the class take back what its own model wrote?

Where the answer is no, a training ends in an exception where its checkpoint should be, or the checkpoint cannot be read
by a process that did not live through the training.
"""

from collections.abc import Iterator

from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.roundtrip import Question, Refusal, Trip
from ...harness.roundtrip.fields import Change
from ...harness.roundtrip.shapes import mismatches, rewritten
from ...harness.roundtrip.surgery import is_surgery
from ...harness.roundtrip.suspects import suspects

_VERBS = {"save": "saved", "load": "loaded"}


def ask(trip: Trip) -> Iterator[Finding | Measure]:
    """What refused to save or load, and what the class refused where the factory's model could be filled."""
    if trip.refusal is not None:
        names = suspects(trip, trip.refusal)
        yield _finding(trip, trip.refusal, names)
    elif trip.balked is not None:
        names = [name for name in mismatches(trip) if not is_surgery(name, trip.hand)]
        if names:
            yield _finding(trip, trip.balked, names)


def _finding(trip: Trip, refusal: Refusal, names: list[str]) -> Finding:
    named = f" {_listed(names)} did not fit." if names else ""
    named += "".join(_drift(change) for change in rewritten(trip.hand)) if refusal.stage == "load" else ""
    return Finding(
        code="SD502",
        subject=names[0] if names else type(trip.hand.model).__name__,
        message=f"the model could not be {_VERBS[refusal.stage]} ({trip.fmt.title}):{named} {refusal.text}",
        hint=_hint(refusal),
    )


def _drift(change: Change) -> str:
    return f" The constructor changes `config.{change.name}`: from {change.before} to {change.after} in the next model."


def _hint(refusal: Refusal) -> str:
    if "share" in refusal.text:
        return "keep one name for the shared tensor, or declare the others in `_tied_weights_keys`"
    if refusal.stage == "save":
        return "keep in the state and in the config only what the format can hold"
    return "let the constructor build the shapes and keys that were saved, from arguments that are saved too"


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:4])
    return shown + (f" and {len(names) - 4} more" if len(names) > 4 else "")


REFUSALS = Question(
    name="refusals", question="Does the library write the model, and does its class take it back?", ask=ask
)

"""Do tensors that share memory still share it after a load, and do those that do not still not?

Where the answer is no, tied weights are two weights from the next training step on; or a reference that was apart
from a buffer is overwritten together with it.
"""

from collections.abc import Iterator

from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.roundtrip import Question, Trip
from ...harness.roundtrip.duplicates import untied_copy
from ...harness.roundtrip.ties import Ties


def ask(trip: Trip) -> Iterator[Finding | Measure]:
    """A finding for each pair whose tie was lost in a load or a deep copy, or that is tied since the load."""
    if trip.tied is None:
        return
    before, after = trip.tied
    for one, other in before.pairs():
        if {one, other} <= before.registered & after.registered and not after.joins(one, other):
            yield _lost(one, other, f"after the load ({trip.fmt.title})", "declare the tie where the model is built")
    for one, other in after.pairs():
        if _is_new(one, other, before, after):
            yield _gained(one, other, trip)
    for one, other in untied_copy(trip.hand.model, before):
        yield _lost(one, other, "in a deep copy", "let `__deepcopy__` pass its memo on")


def _is_new(one: str, other: str, before: Ties, after: Ties) -> bool:
    both = {one, other} <= before.parameters and {one, other} <= after.parameters
    return both and not before.joins(one, other)


def _lost(one: str, other: str, where: str, hint: str) -> Finding:
    return Finding(
        code="SD510",
        subject=other,
        message=f"`{one}` and `{other}` share memory, and no longer do {where}: a training step parts them",
        hint=hint,
    )


def _gained(one: str, other: str, trip: Trip) -> Finding:
    return Finding(
        code="SD510",
        subject=other,
        message=f"`{one}` and `{other}` were apart and share memory after the load ({trip.fmt.title}): "
        "a training step changes both",
        hint="do not declare as tied what was untied, or set `tie_word_embeddings=False` in the config",
    )


TIES = Question(name="ties", question="Do tensors that share memory still share it after a load?", ask=ask)

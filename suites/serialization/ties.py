"""Do tensors that share memory still share it after a load, and do those that do not still not?

Where the answer is no, tied weights are two weights from the next training step on; or a reference that was apart
from a buffer is overwritten together with it. The same is asked of a deep copy, a cast, and a load by assignment.
"""

from collections.abc import Iterator

from ...harness.finding import Finding, Severity
from ...harness.measure import Measure
from ...harness.roundtrip import Question, Trip
from ...harness.roundtrip.duplicates import untied
from ...harness.roundtrip.ties import Ties


def ask(trip: Trip) -> Iterator[Finding | Measure]:
    """A finding for each pair whose tie was lost in a load, a deep copy or a cast, or that is tied since the load.

    PyTorch's own `load_state_dict(assign=True)` parts every tie: that is a note, and an error in a load that uses it.
    """
    if trip.tied is None:
        return
    before, after = trip.tied
    for one, other in before.pairs():
        if {one, other} <= before.registered & after.registered and not after.joins(one, other):
            yield parted(one, other, f"after the load ({trip.fmt.title})", "declare the tie where the model is built")
        elif before.unites(one, other) and not after.unites(one, other):
            yield _doubled(one, other, trip)
    for one, other in after.pairs():
        if _is_new(one, other, before, after):
            yield _gained(one, other, trip)
    apart = untied(trip.hand.model, before)
    for one, other in apart["copied"]:
        yield parted(one, other, "in a deep copy", "let `__deepcopy__` pass its memo on")
    for one, other in apart["cast"]:
        yield parted(one, other, "after `.to(dtype)`", "let `_apply` change parameters in place, as PyTorch's does")
    for one, other in apart["assigned"]:
        if after.unites(one, other):
            yield _assigned(one, other)


def _is_new(one: str, other: str, before: Ties, after: Ties) -> bool:
    both = {one, other} <= before.parameters and {one, other} <= after.parameters
    return both and not before.joins(one, other)


def parted(one: str, other: str, where: str, hint: str) -> Finding:
    """The finding on two names whose tie is gone."""
    return Finding(
        code="SD510",
        subject=other,
        message=f"`{one}` and `{other}` share memory, and no longer do {where}: a training step parts them",
        hint=hint,
    )


def _doubled(one: str, other: str, trip: Trip) -> Finding:
    return Finding(
        code="SD510",
        subject=other,
        message=f"`{one}` and `{other}` were one parameter and are two in one memory after the load "
        f"({trip.fmt.title}): an optimizer steps both, and a move parts them",
        hint="tie them again after `load_state_dict(..., assign=True)`",
    )


def _assigned(one: str, other: str) -> Finding:
    return Finding(
        code="SD510",
        severity=Severity.NOTE,
        subject=other,
        message=f"`{one}` and `{other}` are one parameter, and two after `load_state_dict(..., assign=True)`",
        hint="load without `assign`, or tie them again afterwards",
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

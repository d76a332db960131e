"""Is every parameter and persistent buffer the same, bit for bit, after it was saved and loaded?

Every number was changed before the save, so that one which is drawn, or set to the same constant, anew cannot pass
for a loaded one. Where the answer is no, the published model is not the trained one.
"""

from collections.abc import Iterator

from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.roundtrip import Question, Trip
from ...harness.roundtrip.losses import CAST, SWAPPED, Loss
from ...harness.roundtrip.sources import assigned

_CODES = {CAST: "SD504", SWAPPED: "SD505"}
_HINTS = {
    CAST: "build it in the dtype that it is saved in, or name its module in `_keep_in_fp32_modules_strict`",
    SWAPPED: "look for two keys that a conversion or a hook maps onto each other",
}
_MOST = 20


def ask(trip: Trip) -> Iterator[Finding | Measure]:
    """A finding for each loss; those beyond the first twenty are counted."""
    for loss in trip.losses[:_MOST]:
        yield _finding(loss, trip)
    if len(trip.losses) > _MOST:
        names = ", ".join(loss.name for loss in trip.losses[_MOST : _MOST + 5])
        message = f"{len(trip.losses) - _MOST} more tensors did not come back either: {names} ..."
        yield Finding(code="SD503", subject=trip.losses[_MOST].name, message=message)
    yield Measure(name="tensors_lost", value=len(trip.losses))


def _finding(loss: Loss, trip: Trip) -> Finding:
    path, _, attribute = loss.name.rpartition(".")
    owner = next((m for name, m in trip.hand.model.named_modules() if name == path), trip.hand.model)
    return Finding(
        code=_CODES.get(loss.what, "SD503"),
        subject=loss.name,
        message=f"{loss.message} ({trip.fmt.title})",
        origin=assigned(owner, attribute),
        hint=_HINTS.get(loss.what, _hint(trip)),
    )


def _hint(trip: Trip) -> str:
    if trip.fmt.name in ("pretrained", "sharded", "mapped"):
        return (
            "look at `_init_weights` (write by `nn.init`, not `.data`), `_keys_to_ignore_on_save`, "
            "`_tied_weights_keys`, and at modules that the config does not rebuild"
        )
    return "look at hooks and at `_save_to_state_dict` or `_load_from_state_dict`, and at what shares its memory"


STATE = Question(name="state", question="Is every parameter and persistent buffer the same after a load?", ask=ask)

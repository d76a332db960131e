"""The trip: a model is changed in every bit, saved, loaded, compared, changed back, and asked again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from torch import Tensor, nn

from ..formats import Format
from .bits import turn
from .effects import Effects, effects
from .hand import BY_CLASS, Hand
from .losses import Loss, left_out, losses
from .quiet import poisoned, quiet
from .recording import Recording, recording
from .running import Answer, answer, difference
from .state import entries
from .ties import Ties, ties
from .training import trained
from .unwritten import unwritten

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Refusal:
    """A library that refused: `stage` is `save` or `load`."""

    stage: str
    error: Exception

    @property
    def text(self) -> str:
        """Type and message in one line."""
        return " ".join(f"{type(self.error).__name__}: {self.error}".split())[:900]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trip:
    """All that is known after a model went to disk and came back.

    `loaded` is None where that was refused; `way` is how the model that was filled came about. `losses` were found
    with every number changed, `before` and `after` are answers with the numbers as they were. `balked` is what the
    class itself refused where the factory's model could be filled. `turned` says that the loaded one was changed back.
    `tied` are the ties of both, `raw` the paths of what no load has written to, `effects` say what closes the gap.
    `unlearned` is what to say of the answers in training, where those in evaluation are the same: `effects` are those
    of training then. `folder` holds the files as long as the trip lasts.
    """

    hand: Hand
    fmt: Format
    folder: Path
    turned: bool = False
    refusal: Refusal | None = None
    loaded: nn.Module | None = None
    way: str = BY_CLASS
    balked: Refusal | None = None
    losses: tuple[Loss, ...] = ()
    built: Recording | None = None
    tied: tuple[Ties, Ties] | None = None
    raw: tuple[str, ...] = ()
    before: Answer | None = None
    after: Answer | None = None
    effects: Effects | None = None
    unlearned: str | None = None

    @property
    def is_idle(self) -> bool:
        """True where `effects` show in training alone, and the model was handed over to be called only."""
        return self.unlearned is not None and not self.hand.model.training

    @property
    def gap(self) -> str | None:
        """What to say of the answers; None where they are the same, or were not compared."""
        if self.before is None or self.after is None:
            return None
        return difference(self.before, self.after)


class Refused(Exception):
    """Carries a `Refusal` to where it is noted."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.text)
        self.refusal = refusal


@contextmanager
def travel(hand: Hand, fmt: Format, place: str) -> Iterator[Trip]:
    """Send a model on its trip to the device named `place`; inside, the files are there."""
    with TemporaryDirectory(prefix="samedevice-") as folder, quiet():
        start = Trip(hand=hand, fmt=fmt, folder=Path(folder))
        try:
            yield _weighed(_asked(_back(start, place), place))
        except Refused as refused:
            yield replace(start, refusal=refused.refusal)


def filed(trip: Trip) -> Path:
    """The folder with the model as it is, saved now if it was not yet. Raises `Refused`."""
    folder = trip.folder / "straight"
    if not folder.exists():
        _save(trip, folder)
    return folder


def load_by(trip: Trip, way: str) -> nn.Module:
    """Load the model as it is in one way, on the CPU."""
    with poisoned():
        return trip.fmt.load(filed(trip), trip.hand.origins(trip.fmt)[way], "cpu")


def loaded(start: Trip, folder: Path, place: str) -> Trip:
    """Load in the first way that works. Raises `Refused` where none does."""
    balked = None
    for way, origin in start.hand.origins(start.fmt).items():
        try:
            with poisoned(), recording() as built:
                model = start.fmt.load(folder, origin, place)
        # A library may refuse in any words; a check judges it.
        except Exception as error:
            balked = Refusal(stage="load", error=error)
            continue
        built.keep_only([model, getattr(model, "config", None)])
        return replace(start, loaded=model, way=way, built=built, balked=balked)
    raise Refused(_some(balked))


def _back(start: Trip, place: str) -> Trip:
    """There and back: at first with every bit turned, and again as it is where that is not enough."""
    model = start.hand.model
    if place == "cpu":
        turn(_saved(model))
        try:
            trip = _there_and_back(start, start.folder / "turned", place)
        # Numbers that were changed may be refused with good reason; those of the model itself may not.
        except Refused:
            trip = None
        finally:
            turn(_saved(model))
        if trip is not None and trip.loaded is not None and not trip.losses:
            turn(_saved(trip.loaded))
            if not losses(model, trip.loaded):
                return replace(trip, turned=True)
        if trip is not None:
            straight = _there_and_back(start, start.folder / "straight", place)
            remade = left_out(model) - {loss.name for loss in straight.losses}
            return replace(straight, losses=tuple(loss for loss in trip.losses if loss.name not in remade))
    return _there_and_back(start, start.folder / "straight", place)


def _asked(trip: Trip, place: str) -> Trip:
    """With the answers of both models, if there is something to ask them."""
    hand, model = trip.hand, trip.loaded
    if hand.unfed is not None or model is None:
        return trip
    before = answer(hand.model, hand.inputs)
    if before.error is not None:
        return replace(trip, hand=replace(hand, unfed=f"the model cannot be called: {before.error}"))
    trip = replace(trip, before=before, after=answer(model, hand.inputs))
    if trip.turned and trip.gap:
        # What a load computes from changed numbers is not changed back with them.
        again = _there_and_back(replace(trip, turned=False), trip.folder / "straight", place)
        return replace(again, losses=trip.losses, before=before, after=answer(_some(again.loaded), hand.inputs))
    return trip


def _weighed(trip: Trip) -> Trip:
    """With the ties, and with what closes a gap between the answers."""
    hand, model = trip.hand.model, _some(trip.loaded)
    trip = replace(trip, tied=(ties(hand), ties(model)), raw=unwritten(hand, model, trip.hand.inputs))
    if trip.before is None:
        return trip
    if not trip.gap:
        found = None if trip.losses else trained(hand, model, trip.hand.inputs)
        return trip if found is None else replace(trip, unlearned=found[0], effects=found[1])
    return replace(trip, effects=effects(hand, model, trip.hand.inputs, trip.before))


def _there_and_back(start: Trip, folder: Path, place: str) -> Trip:
    _save(start, folder)
    trip = loaded(start, folder, place)
    assert trip.loaded is not None
    return replace(trip, losses=losses(start.hand.model, trip.loaded))


def _save(trip: Trip, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    try:
        trip.fmt.save(trip.hand.model, folder)
    except Exception as error:
        raise Refused(Refusal(stage="save", error=error)) from error


def _saved(model: nn.Module) -> Iterator[Tensor]:
    return (entry.tensor for entry in entries(model) if entry.saved)


def _some(value: T | None) -> T:
    assert value is not None
    return value

"""The verdict on what a fresh process replied, beside what this process knows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

from .asking import Reply
from .census import Census
from .fingerprint import fingerprint
from .outside import outside
from .running import difference, is_rounding
from .state import entries
from .trip import Trip


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is different there: about whom, in words, and which attributes hold something else there."""

    subject: str
    text: str
    slots: tuple[str, ...] = ()
    is_rounding: bool = False


def judged(trip: Trip, reply: Reply) -> Verdict | None:
    """None where the fresh process has the same state and gives the same answer."""
    if reply.error is not None:
        return Verdict(
            subject=type(trip.hand.model).__name__, text=f"cannot {_DOING[reply.stage or 'end']}: {reply.error}"
        )
    saved = {entry.name: fingerprint(entry.tensor) for entry in entries(trip.hand.model) if entry.saved}
    state = reply.state or {}
    lost = [name for name in saved if state.get(name) != saved[name]]
    if lost:
        return Verdict(subject=lost[0], text=f"loads {len(lost)} tensors otherwise: {', '.join(lost[:4])}")
    if trip.before is None or reply.answer is None:
        return None
    gap = difference(trip.before, reply.answer)
    if gap is None:
        return None
    slots = _unlike(trip, reply) or _outside(trip, reply)
    also = f"; there, these hold something else: {', '.join(slots[:8])}" if slots else ""
    mixed = None if slots else _mixed(list(saved), list(state))
    if mixed is not None:
        also = f"; there, the parts of `{mixed or 'the model'}` stand in another order"
    return Verdict(
        subject=slots[0] if slots else mixed or "output",
        text=f"has the same weights and answers otherwise: {gap}{also}",
        slots=slots,
        is_rounding=not slots and is_rounding(trip.before, reply.answer),
    )


_DOING = {"load": "load the model", "save": "save the model again", "run": "call the model", "end": "do its half"}


def _mixed(here: list[str], there: list[str]) -> str | None:
    """The module whose children were registered in another order; None where all were in the same."""
    pair = next(((one.split("."), two.split(".")) for one, two in zip(here, there, strict=False) if one != two), None)
    if pair is None:
        return None
    same = takewhile(lambda parts: parts[0] == parts[1], zip(*pair, strict=False))
    return ".".join(part for part, _ in same)


def _outside(trip: Trip, reply: Reply) -> tuple[str, ...]:
    """Class attributes and globals that hold something else there: the factory has set them here."""
    here, there = outside(trip.hand.model), reply.outside or {}
    return tuple(name for name in here if name in there and here[name] != there[name])


def _unlike(trip: Trip, reply: Reply) -> tuple[str, ...]:
    here = {} if trip.loaded is None else {path: slot.print for path, slot in Census(trip.loaded).slots.items()}
    there = reply.slots or {}
    return tuple(path for path in dict.fromkeys((*here, *there)) if here.get(path) != there.get(path))

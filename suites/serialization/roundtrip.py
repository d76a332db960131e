"""Does the model in hand come back from disk as it was saved?

The very model that the target builds, after whatever was done to it, is written in its library's own format and read
back, in this process and in a fresh one. Where the answer is no, what is published is not what was trained, and no
library says a word.
"""

from collections.abc import Callable, Iterator

from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotApplicable, NotChecked
from ...harness.finding import Finding, Severity
from ...harness.formats import Format, natural
from ...harness.measure import Measure
from ...harness.roundtrip import BY_COPY, Question, Trip, take, travel
from ...harness.target import Target
from .devices import across
from .files import FILES
from .process import PROCESS
from .questions import HERE

_UNSAFE = "whoever reads the file runs what it says: it is a pickle, and it breaks when a class is renamed or moved"
_SAFER = "save `model.state_dict()`, and build the model by its class"


def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """In the format of the model's own library."""
    return _run(target, device, natural, (*HERE, FILES, PROCESS))


def in_natural_format(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """The same in this process alone."""
    return _run(target, device, natural, (*HERE, FILES))


def in_format(fmt: Format) -> Check:
    """The same in one format, for the models that it applies to."""

    def pick(model: object) -> Format:
        if not fmt.applies(model):  # type: ignore[arg-type]
            raise NotApplicable(f"{fmt.title} does not take a {type(model).__name__}")
        return fmt

    return Check(
        name=fmt.name,
        title=f"Round trip: {fmt.title}",
        question=f"Does the model come back from {fmt.title} as it was saved?",
        run=lambda target, device: _run(target, device, pick, HERE),
    )


def _run(
    target: Target, device: Device, pick: Callable[..., Format], questions: tuple[Question, ...]
) -> Iterator[Finding | Measure]:
    hand = take(target, device)
    fmt = pick(hand.model)
    if device.kind != "cpu":
        yield from across(hand, fmt, device)
        return
    if fmt.unsafe:
        yield Finding(code="SD515", severity=Severity.NOTE, subject=fmt.title, message=_UNSAFE, hint=_SAFER)
    with travel(hand, fmt, "cpu") as trip:
        for question in questions:
            yield from question.ask(trip)
        yield from _unsaid(trip)


def _unsaid(trip: Trip) -> Iterator[Finding | Measure]:
    """Raise `NotChecked` for what no question could ask."""
    if trip.hand.unfed is not None and trip.loaded is not None:
        raise NotChecked(f"the state was compared, the answers were not: {trip.hand.unfed}")
    if trip.way == BY_COPY and trip.fmt.rebuilds and trip.loaded is not None:
        raise NotChecked(
            "the state came back; whether a newly built model computes the same was not checked, since an instance "
            "says nothing of how it was built: give a class or a factory"
        )
    yield from ()


ROUNDTRIP = Check(
    name="roundtrip",
    title="Round trip",
    question="Does the model in hand come back from disk as it was saved?",
    run=run,
)

"""Does a model that is pushed to a Hub come back from it, in a process that never saw it, as it was?

It is pushed privately, by its own class where that can, and pulled by a fresh process with a cold cache. Where the
answer is no, what others download is not what was trained; or a private model is public, a revision is not the one that
was named, and an error gives random weights.
"""

from collections.abc import Iterator

from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotChecked
from ...harness.finding import Finding
from ...harness.hubtrip.journey import Journey, Reply, journey
from ...harness.hubtrip.ways import named
from ...harness.measure import Measure
from ...harness.target import Target
from . import arrived, pushed
from .lines import creating
from .revisions import revisions


def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """The whole trip; on the CPU also the questions that depend on no device."""
    with journey(target, device) as trip:
        yield from travelled(trip)


def beside(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """The same with one process that pulls for all targets: quicker, and no longer fresh for each."""
    with journey(target, device, key="beside") as trip:
        yield from travelled(trip)


def travelled(trip: Journey) -> Iterator[Finding | Measure]:
    """Push, pull, compare, clean up."""
    way = named(trip.ways[0])
    how = way.title
    with trip.session.repository(pusher=trip.pusher) as repo:
        first = trip.push(repo)
        if "refused" in first:
            yield from pushed.refused(first, how)
            return
        yield from pushed.judged(first, how)
        yield from _open(trip, repo, first)
        mark = trip.session.mark()
        pulled = trip.pull(repo, first)
        answered = trip.session.since(mark)
        yield from arrived.judged(first, pulled, how)
        yield from arrived.served(first, pulled, answered, how)
        if trip.device.kind == "cpu" and "error" not in pulled:
            yield from revisions(trip, repo, first)
    sent = arrived.bytes_of(answered)
    if sent is not None:
        yield Measure(name="bytes_from_the_hub", value=sent)
    yield from unsaid(first)


def unsaid(first: Reply) -> Iterator[Finding | Measure]:
    """Raise `NotChecked` for what could not be asked."""
    if first["unfed"] is not None:
        raise NotChecked(f"the state was compared, the answers were not: {first['unfed']}")
    if first["said"]["raised"] is not None:
        why = first["said"]["raised"]
        raise NotChecked(f"the state was compared, the answers were not: the model cannot be called: {why}")
    yield from ()


def _open(trip: Journey, repo: str, first: Reply) -> Iterator[Finding]:
    """A finding where somebody without a token sees what was pushed as private."""
    seen = trip.pusher.ask("look", repo=repo, token=False)
    if "error" not in seen:
        yield Finding(
            code="SD607",
            subject=first["model"],
            message="the model was pushed with `private=True`, and everybody can read it",
            origin=creating(first),
            hint="hand `private` on to `create_repo`, and set the repository private now",
        )


HUB = Check(
    name="hub",
    title="Hub",
    question="Does a model that is pushed to a Hub come back from it, in another process, as it was?",
    run=run,
)

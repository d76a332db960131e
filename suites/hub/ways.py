"""Does a model come back by every way to a Hub and back that it can go?

`push_to_hub`, `save_pretrained(push_to_hub=True)`, `upload_folder`, shards, a branch, a tag, a pull request, a
subfolder, an id without its owner; `from_pretrained`, `snapshot_download`, and file by file. Where the answer is no,
the way of the tutorial works and the one that the deployment takes does not.
"""

from collections.abc import Iterator

from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotApplicable
from ...harness.finding import Finding
from ...harness.hubtrip.journey import Journey, journey
from ...harness.hubtrip.ways import named
from ...harness.measure import Measure
from ...harness.target import Target
from . import arrived, pushed
from .hub import unsaid

# Those that also say something of the transport: one file, and several.
TRANSPORTED = ("push_to_hub", "upload_folder", "sharded")


def every(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """All of them but the natural one, which the check `hub` goes; on the CPU, since no way knows of devices."""
    refuse_elsewhere(device)
    with journey(target, device) as trip:
        yield from _gone(trip, trip.ways[1:], xet=True)


def by_lfs(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """The ways that differ in what they transport, by Git LFS instead of xet."""
    refuse_elsewhere(device)
    with journey(target, device, xet=False, key="lfs") as trip:
        yield from _gone(trip, [way for way in trip.ways if way in TRANSPORTED], xet=False)


def refuse_elsewhere(device: Device) -> None:
    """Raise `NotApplicable` on any device but the CPU."""
    if device.kind != "cpu":
        raise NotApplicable("the ways to a Hub do not depend on the device: asked on the CPU alone")


def _gone(trip: Journey, ways: list[str] | tuple[str, ...], *, xet: bool) -> Iterator[Finding | Measure]:
    good, sent = 0, 0
    for number, name in enumerate(ways, start=10):
        mark = trip.session.mark()
        found = list(_there_and_back(trip, name, number))
        sent += arrived.bytes_of(trip.session.since(mark)) or 0
        good += not found
        yield from found
    yield Measure(name="ways" if xet else "ways_by_lfs", value=good, of=len(ways))
    if trip.session.local is not None:
        yield Measure(name="bytes_from_the_hub", value=sent)


def _there_and_back(trip: Journey, name: str, number: int) -> Iterator[Finding]:
    way = named(name)
    with trip.session.repository(pusher=trip.pusher) as repo:
        sent = trip.push(repo, name, number=number)
        if "refused" in sent:
            yield from pushed.refused(sent, way.title)
            return
        yield from pushed.judged(sent, way.title, whole=name != "sharded")
        mark = trip.session.mark()
        pulled = trip.pull(repo, sent, name)
        answered = trip.session.since(mark)
        yield from arrived.judged(sent, pulled, way.title)
        yield from arrived.served(sent, pulled, answered, way.title)
    for _ in unsaid(sent):
        pass


WAYS = Check(name="ways", title="Ways", question="Does a model come back by every way to a Hub and back?", run=every)
LFS = Check(name="lfs", title="By Git LFS", question="Does a model come back where xet is not there?", run=by_lfs)

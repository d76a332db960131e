"""Does what must fail fail, with an error that says why, and leave nothing half done?

A token that is wrong or may only read, somebody else's account, a revision and a file that are not there, an upload
that is cut off, a server that dies. Where the answer is no, strangers read a private model, a typing error gives random
weights, or a repository holds new weights beside an old config.
"""

from collections.abc import Iterator
from typing import Any

from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotApplicable
from ...harness.finding import Finding
from ...harness.hubtrip.journey import Journey, Reply, journey
from ...harness.measure import Measure
from ...harness.target import Target
from . import arrived, pushed
from .lines import pushing
from .revisions import NOWHERE, unfailing
from .ways import refuse_elsewhere
from .words import mend

WRONG = "hf_" + "0" * 34
_COMMIT = "/commit/"
# Seconds for a server that has cut its connections to be gone.
_MOMENT = 10.0


def refusals(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """Wrong tokens, wrong names: each must raise, here and there, and the repository must stay as it was."""
    refuse_elsewhere(device)
    with journey(target, device) as trip, trip.session.repository(pusher=trip.pusher) as repo:
        first = trip.push(repo)
        if "refused" in first:
            yield from pushed.refused(first, "push_to_hub")
            return
        failed = dict(_pulls(trip, repo, first))
        writes = dict(_pushes(trip, repo))
        for what, reply in (failed | writes).items():
            if "error" not in reply:
                yield unfailing(first, reply, what) if what in failed else _written(first, what)
        if trip.pusher.ask("head", repo=repo)["head"] != first["head"]:
            yield _written(first, "a refused push")
        explained = [reply for reply in (failed | writes).values() if "error" in reply and mend(reply["error"])]
        yield Measure(name="refusals_that_say_why", value=len(explained), of=len(failed) + len(writes))
        yield from _without(trip, repo, first)


def _pulls(trip: Journey, repo: str, first: Reply) -> Iterator[tuple[str, Reply]]:
    yield "a revision was named that is not there", trip.pull(repo, first, revision=NOWHERE)
    yield "a token was given that nobody has", trip.pull(repo, first, token=WRONG)
    yield "a repository was named that is not there", trip.pull(f"{repo}-not", first)
    if trip.session.local is not None:
        bob = trip.session.local.users["bob"]["write"]
        yield "a private model was asked for with another account", trip.pull(repo, first, token=bob)


def _pushes(trip: Journey, repo: str) -> Iterator[tuple[str, Reply]]:
    tokens = {"a token that nobody has": WRONG}
    if trip.session.local is not None:
        users = trip.session.local.users
        tokens |= {"a token that may only read": users["alice"]["read"], "another account": users["bob"]["write"]}
    for whose, token in tokens.items():
        told = trip.push(repo, number=4, token=token)
        yield f"with {whose}", {"error": told["refused"]} if "refused" in told else told


def _without(trip: Journey, repo: str, first: Reply) -> Iterator[Finding]:
    """Take the weights away: what is left must give no model."""
    name = arrived.heaviest(first)
    if name is None:
        return
    dropped = trip.pusher.ask("drop", repo=repo, name=name)
    if "error" not in dropped:
        found = trip.pull(repo, first, revision=dropped["head"])
        if "error" not in found:
            yield unfailing(first, found, f"`{name}` is gone from the repository")


def _written(first: Reply, what: str) -> Finding:
    return Finding(
        code="SD607",
        subject=first["model"],
        message=f"{what} the repository could be written to",
        origin=pushing(first),
        hint="hand `token` on to every call of the client",
    )


def interrupted(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """Cut a push off before its commit: the old model must still be there, whole; and the next push must go through."""
    refuse_elsewhere(device)
    with journey(target, device) as trip, trip.session.repository(pusher=trip.pusher) as repo:
        first = trip.push(repo)
        cut = trip.push(repo, number=2, cut=_COMMIT)
        if "refused" not in cut or "CutOff" not in cut["refused"]["kinds"]:
            raise NotApplicable(f"a push of {trip.model} was not cut off: it sends no commit of its own")
        yield from _as_before(trip, repo, first, "an interrupted push")
        second = trip.push(repo, number=2)
        yield from arrived.judged(second, trip.pull(repo, second), "a push after an interrupted one")
    yield Measure(name="interrupted_pushes", value=1)


def death(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """Kill the server at the commit: the push and a cold pull must raise, and after a restart the old model is there.

    The client's waits between its tries are cut short.
    """
    refuse_elsewhere(device)
    with journey(target, device) as trip:
        if trip.session.local is None:
            raise NotApplicable("the real Hub is not ours to kill")
        doomed = trip.session.fated()
        by = doomed.client
        with trip.session.repository(pusher=by) as repo:
            first = trip.push(repo, by=by)
            doomed.fall(_COMMIT)
            second = trip.push(repo, number=2, by=by)
            if not doomed.has_died(_MOMENT if "refused" in second else 0):
                raise NotApplicable(f"a push of {trip.model} sends no commit of its own")
            cold = trip.pull(repo, first, by=by)
            doomed.revive()
            if "refused" not in second:
                yield _written(first, "after its Hub had died")
            if "error" not in cold:
                yield unfailing(first, cold, "the Hub was dead, and the cache empty")
            yield from _as_before(trip, repo, first, "a push during which the Hub died", by=by)
            again = trip.push(repo, number=2, by=by)
            yield from arrived.judged(again, trip.pull(repo, again, by=by), "a push after the Hub came back")
    yield Measure(name="deaths", value=1)


def _as_before(trip: Journey, repo: str, first: Reply, after: str, **given: Any) -> Iterator[Finding]:
    by = given.get("by", trip.pusher)
    now = by.ask("head", repo=repo)["head"]
    found = trip.pull(repo, first, **given)
    if now != first["head"] or "error" in found or arrived.unlike(first, found):
        how = found["error"]["text"] if "error" in found else "some of it is new"
        yield Finding(
            code="SD609",
            subject=first["model"],
            message=f"after {after}, the repository does not hold what it held before: {how}",
            origin=pushing(first),
            hint="send all files in one commit: `upload_folder`, or `create_commit(operations=[...])`",
        )


REFUSALS = Check(
    name="refusals", title="Refusals", question="Does what must fail raise, with an error that says why?", run=refusals
)
INTERRUPTED = Check(
    name="interrupted",
    title="Interrupted upload",
    question="Is the old model still whole after a push was cut off?",
    run=interrupted,
)
DEATH = Check(
    name="death", title="Server death", question="Is nothing half done, and nothing lost, when the Hub dies?", run=death
)

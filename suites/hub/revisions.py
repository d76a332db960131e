"""Do a branch, a commit and a second push mean what they say, and does a name that is wrong give no model?

Where the answer is no, a pinned version changes under its users, a cache serves the past, or a typing error in a
revision gives weights that nobody has trained.
"""

from collections.abc import Iterator

from ...harness.finding import Finding, Severity
from ...harness.hubtrip.journey import Journey, Reply
from . import arrived, pushed
from .lines import pulling, pushing

NOTE = "This line was written by hand."
BRANCH, NOWHERE = "samedevice-branch", "samedevice-nowhere"


def revisions(trip: Journey, repo: str, first: Reply) -> Iterator[Finding]:
    """Push twice more, to the main branch and to another one, and pull each by its name."""
    edited = trip.pusher.ask("note", repo=repo, text=NOTE)
    second = trip.push(repo, number=2)
    if "refused" in second:
        yield from pushed.refused(second, "a second push")
        return
    if "error" not in edited and not trip.pusher.ask("noted", repo=repo, text=NOTE).get("kept", True):
        yield _overwritten(second)
    again = trip.pull(repo, second)
    pinned = trip.pull(repo, first, revision=first["head"])
    yield from _fresh(first, second, again)
    yield from _pinned(first, second, pinned)
    yield from _branched(trip, repo, second)
    yield from _nowhere(trip, repo, first)


def _overwritten(second: Reply) -> Finding:
    return Finding(
        code="SD612",
        severity=Severity.NOTE,  # the mixin of huggingface_hub itself does so
        subject="README.md",
        message="a line was added to the model card on the Hub, and the next push has taken it away",
        origin=pushing(second),
        hint='push without it: `push_to_hub(..., ignore_patterns="README.md")`, or keep the card beside the code',
    )


def _is_other(came: Reply, other: Reply, *, meant: Reply) -> bool:
    """Whether what came is the other model, and not the one that was meant."""
    return "error" not in came and bool(arrived.unlike(meant, came)) and not arrived.unlike(other, came)


def _fresh(first: Reply, second: Reply, again: Reply) -> Iterator[Finding]:
    if _is_other(again, first, meant=second):
        yield Finding(
            code="SD610",
            subject=first["model"],
            message="the model was pushed again, and a process that had the first one gets the first one still",
            origin=pulling(first, again),
            hint="ask the Hub before the cache: no `local_files_only` first, and no copy kept by name",
        )
    else:
        yield from arrived.judged(second, again, "after a second push")


def _pinned(first: Reply, second: Reply, pinned: Reply) -> Iterator[Finding]:
    if _is_other(pinned, second, meant=first):
        yield Finding(
            code="SD608",
            subject=first["model"],
            message=f"commit {first['head'][:8]} was named, and what came is the newest one",
            origin=pulling(first, pinned),
            hint="hand `revision` on to every download",
        )
    else:
        yield from arrived.judged(first, pinned, "a commit named by its hash")


def _branched(trip: Journey, repo: str, second: Reply) -> Iterator[Finding]:
    third = trip.push(repo, number=3, branch=BRANCH)
    if "refused" in third:
        yield from pushed.refused(third, f"to the branch {BRANCH}")
        return
    if third["main"] != second["main"]:
        yield Finding(
            code="SD608",
            subject=third["model"],
            message=f"the model was pushed to the branch `{BRANCH}`, and it is the main branch that has changed",
            origin=pushing(third),
            hint="hand the name of the branch on to `create_commit` or `upload_folder`",
        )
        return
    there = trip.pull(repo, third, revision=BRANCH)
    if _is_other(there, second, meant=third):
        yield Finding(
            code="SD608",
            subject=third["model"],
            message=f"the branch `{BRANCH}` was named, and what came is the main branch",
            origin=pulling(third, there),
            hint="hand `revision` on to every download",
        )
    else:
        yield from arrived.judged(third, there, "a branch")


def _nowhere(trip: Journey, repo: str, first: Reply) -> Iterator[Finding]:
    found = trip.pull(repo, first, revision=NOWHERE)
    if "error" not in found:
        yield unfailing(first, found, f"the revision `{NOWHERE}` was named, which is not there")


def unfailing(first: Reply, found: Reply, what: str) -> Finding:
    """The finding on a pull that gave a model where none can be."""
    return Finding(
        code="SD611",
        subject=first["model"],
        message=f"{what}, and a model came all the same",
        origin=pulling(first, found),
        hint="let what the client raises out of `from_pretrained`: catch nothing there",
    )

"""Is what was pushed, as far as the Hub can say, what would have been saved: all of it, in one commit, and no more?"""

from collections.abc import Iterator
from typing import Any

from ...harness.finding import Finding, Severity
from .lines import pushing
from .words import CARD, mend

_MOST = 5
Reply = dict[str, Any]


def refused(pushed: Reply, how: str) -> Iterator[Finding]:
    """The finding on a push that raised."""
    error = pushed["refused"]
    yield Finding(
        code="SD604",
        subject=pushed["model"],
        message=f"the model could not be pushed ({how}): {error['text']}",
        origin=pushed["written"].heading if CARD in error["text"] else None,
        use=error["line"],
        hint=mend(error),
    )


def judged(pushed: Reply, how: str, *, whole: bool = True) -> Iterator[Finding]:
    """What is wrong with a push that went through; `whole` says that it sends the very files that a save writes."""
    if whole:
        yield from _files(pushed, how)
    for name in pushed["leaks"]:
        yield Finding(
            code="SD613",
            subject=name,
            message=f"`{name}` holds the token that it is pushed with: whoever reads the repository has it ({how})",
            origin=pushed["written"].constructor or pushed["written"].heading,
            hint="keep tokens out of the config and of constructor arguments, and revoke this one",
        )
    if pushed["commits"] > 1:
        yield Finding(
            code="SD609",
            severity=Severity.WARNING,
            subject=pushed["model"],
            message=f"one push made {pushed['commits']} commits ({how}): who pulls in between, or after an "
            "interruption, gets new files beside old ones",
            origin=pushing(pushed),
            hint="send all files at once: `HfApi().create_commit(operations=[...])`, or `upload_folder`",
        )
    for name in pushed["changed"][:_MOST]:
        yield Finding(
            code="SD614",
            subject=name,
            message=f"`{name}` is not the same after the model was pushed ({how})",
            origin=pushed["written"].push,
            hint="push a copy, or what is saved of it, and leave the model alone",
        )


def lacking(pushed: Reply) -> list[str]:
    """Files that a save writes and the Hub lacks, or has otherwise; cards are written anew, and have their own code."""
    folder = pushed["options"].get("subfolder")
    there = pushed["files"]
    places = {name: f"{folder}/{name}" if folder else name for name in pushed["saved"]}
    saved = {name: kept for name, kept in pushed["saved"].items() if name != "README.md"}
    return [name for name, kept in saved.items() if not _is_same(kept, there.get(places[name]))]


def _files(pushed: Reply, how: str) -> Iterator[Finding]:
    for name in lacking(pushed)[:_MOST]:
        there = pushed["files"].get(name)
        what = "is not on the Hub" if there is None else "is on the Hub with other bytes than the model saves"
        yield Finding(
            code="SD603",
            subject=name,
            message=f"`{name}`, which the model saves to disk, {what} ({how})",
            origin=pushing(pushed),
            hint="push what `save_pretrained` writes, all of it and nothing older",
        )


def _is_same(here: dict[str, Any] | None, there: dict[str, Any] | None) -> bool:
    """True where the Hub has the file, and its bytes; of those that no two saves write alike, the file is enough."""
    if there is None:
        return False
    if here is None:
        return True
    if there["sha256"] is not None:
        return bool(there["sha256"] == here["sha256"])
    return bool(there["oid"] == here["oid"])

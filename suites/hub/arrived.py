"""Did the model arrive in a process that never saw it as it was pushed, and did its bytes come from the Hub?"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from ...harness.finding import Finding, Location, Severity
from ...harness.roundtrip.running import Answer, difference, is_rounding
from .lines import loading, losing, pulling, pushing
from .pushed import lacking
from .words import mend

_MOST = 5
_TEXTS = (".md", ".json", ".gitattributes")
Reply = dict[str, Any]


def judged(pushed: Reply, pulled: Reply, how: str) -> Iterator[Finding]:
    """A finding for a pull that raised, for each tensor that is not the same, else for other answers."""
    if "error" in pulled:
        yield refused(pushed, pulled, how)
        return
    lost = unlike(pushed, pulled)
    for name in lost[:_MOST]:
        yield _lost(pushed, pulled, name, how)
    if len(lost) > _MOST:
        message = f"{len(lost) - _MOST} more tensors did not come back from the Hub either ({how})"
        yield Finding(code="SD601", subject=lost[_MOST], message=message, origin=_lost_at(pushed))
    before, after = answer(pushed), answer(pulled)
    gap = None if lost or before is None or after is None else difference(before, after)
    if gap is not None and before is not None and after is not None:
        yield _otherwise(pushed, gap, how, close=is_rounding(before, after))


def refused(pushed: Reply, pulled: Reply, how: str) -> Finding:
    """The finding on a pull that raised."""
    return Finding(
        code="SD605",
        subject=pushed["model"],
        message=f"a fresh process could not pull the model ({how}): {pulled['error']['text']}",
        origin=loading(pushed),
        use=pulled["error"]["line"],
        hint=mend(pulled["error"]) or "let the class load what it pushes: push and pull it yourself, in two processes",
    )


def unlike(pushed: Reply, pulled: Reply) -> list[str]:
    """Names of saved tensors that came back otherwise, not at all, or that nobody pushed."""
    before, after = pushed["said"]["state"], pulled["said"]["state"]
    return [name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)]


def answer(reply: Reply) -> Answer | None:
    """What the model answered there; None where nothing was asked."""
    told = reply["said"]
    return None if told["leaves"] is None else Answer(leaves=tuple(map(tuple, told["leaves"])), error=told["raised"])


def served(pushed: Reply, pulled: Reply, answered: list[dict[str, Any]] | None, how: str) -> Iterator[Finding]:
    """A finding where the model is there and the Hub has given away none of its weights."""
    if "error" in pulled:
        return
    name = heaviest(pushed)
    if name is None or is_served(name, answered) or (answered is None and name in pulled["cached"]):
        return
    yield Finding(
        code="SD606",
        subject=name,
        message=f"a model was pulled, and nobody asked the Hub for `{name}` ({how}): what it holds came from elsewhere",
        origin=pulling(pushed, pulled),
        hint="load what `hf_hub_download` returns, and look nowhere else first",
    )


def heaviest(pushed: Reply) -> str | None:
    """The largest file that was pushed and is no text about the model: its weights."""
    files = {name: kept["size"] for name, kept in pushed["files"].items() if not name.endswith(_TEXTS)}
    return max(files, key=lambda name: files[name]) if files else None


def is_served(name: str, answered: list[dict[str, Any]] | None) -> bool:
    """True where bytes went out for that file, or by the content store, which knows no names."""
    sent = [one for one in answered or () if one["method"] == "GET" and one["sent"] and one["status"] in (200, 206)]
    return any(one["origin"] != "hub" or unquote(one["path"]).endswith(f"/{name}") for one in sent)


def bytes_of(answered: list[dict[str, Any]] | None) -> int | None:
    """How many bytes of files the Hub has sent; None of the real one."""
    if answered is None:
        return None
    return sum(int(one["sent"]) for one in answered if one["origin"] != "hub" or "/resolve/" in one["path"])


def _lost(pushed: Reply, pulled: Reply, name: str, how: str) -> Finding:
    before, after = pushed["said"]["state"].get(name), pulled["said"]["state"].get(name)
    if after is None:
        what = "was pushed and is not there after the pull"
    elif before is None:
        what = "is there after the pull and was not pushed"
    else:
        what = f"came back from the Hub as {_text(after)} and was {_text(before)}"
    blame = "is not what the model saves to disk" if lacking(pushed) else "is what the model saves to disk"
    return Finding(
        code="SD601",
        subject=name,
        message=f"`{name}` {what} ({how}); what lies on the Hub {blame}",
        origin=_lost_at(pushed),
        hint="push the model in hand, and not an older folder"
        if lacking(pushed)
        else "the Hub is not to blame: `samedevice check TARGET --checks roundtrip` names the cause",
    )


def _lost_at(pushed: Reply) -> Location | None:
    return pushing(pushed) if lacking(pushed) else losing(pushed)


def _text(print_: str) -> str:
    """A fingerprint without its digest: dtype and shape."""
    head, _, digest = print_.removeprefix("tensor ").rpartition(" ")
    return f"{head} with the digest {digest[:8]}" if head else print_


def _otherwise(pushed: Reply, gap: str, how: str, *, close: bool) -> Finding:
    return Finding(
        code="SD602",
        severity=Severity.NOTE if close else Severity.ERROR,
        subject="output",
        message=f"the weights came back from the Hub and the answers did not: {gap} ({how})",
        origin=loading(pushed),
        hint="another order of the same sums may explain it"
        if close
        else "what the class does not save decides them: `samedevice check TARGET --checks roundtrip` names it",
    )

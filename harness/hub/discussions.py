"""Discussions and pull requests: what was said, and the commits that wait under refs/pr/N."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from .history import PULLS, Author, History
from .refusals import Refusal, bad, forbidden
from .repository import Repository, now
from .trees import files, grown

_OPEN = ("open", "draft")


def open_one(repository: Repository, user: str, text: tuple[str, str], *, base: str | None, head: str | None) -> int:
    """Open a discussion, or a pull request where there is a base; returns its number.

    `text` is title and description.
    """
    with repository.lock:
        number = len(repository.settings.discussions) + 1
        one = {
            "num": number,
            "title": text[0],
            "author": user,
            "created": now(),
            "status": "open" if base is None or head else "draft",
            "base": base,
            "merged": None,
            "events": [],
        }
        if base:
            start = head or repository.history.target(base)
            repository.history.move(f"{PULLS}{number}", None, str(start))
        repository.settings.discussions.append(one)
        comment(one, user, text[1])
        repository.keep()
    return number


def refuse_stranger(repository: Repository, ref: str, user: str, *, owns: bool) -> None:
    """Only who has opened a pull request, or owns the repository, adds to it, and only while it is open."""
    one = find(repository, ref.removeprefix(PULLS))
    if one["author"] != user and not owns:
        raise forbidden(f"{ref} is a pull request of {one['author']}")
    if one["status"] not in _OPEN:
        raise bad(f"{ref} is {one['status']}")


def note_push(repository: Repository, ref: str, user: str, commit: str) -> None:
    """Write in a pull request that it has a new commit."""
    if not ref.startswith(PULLS):
        return
    one = find(repository, ref.removeprefix(PULLS))
    title = repository.history.commit(commit).message.decode().partition("\n")[0]
    event(one, user, "commit", {"oid": commit, "subject": title})
    repository.keep()


def find(repository: Repository, number: str) -> dict[str, Any]:
    """The discussion of that number."""
    known = repository.settings.discussions
    if not number.isdecimal() or not 1 <= int(number) <= len(known):
        raise Refusal(404, f"no discussion {number}")
    return known[int(number) - 1]


def event(one: dict[str, Any], user: str, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Add to what happened."""
    made = {"id": secrets.token_hex(12), "type": kind, "created": now(), "author": user, "data": dict(data)}
    one["events"].append(made)
    return made


def comment(one: dict[str, Any], user: str, text: str) -> dict[str, Any]:
    """Add to what was said."""
    return event(one, user, "comment", {"edited": False, "hidden": False, "latest": {"raw": text, "html": text}})


def set_status(one: dict[str, Any], user: str, status: str) -> dict[str, Any]:
    """Open or close."""
    if status not in ("open", "closed") or one["status"] == "merged":
        raise bad(f"a discussion that is {one['status']} cannot become {status!r}")
    one["status"] = status
    return event(one, user, "status-change", {"status": status})


def merge(repository: Repository, number: str, author: Author) -> None:
    """Put what a pull request changes on its base, as one commit."""
    one, history = find(repository, number), repository.history
    if one["base"] is None or one["status"] not in _OPEN:
        raise bad(f"{number} is no open pull request")
    head, onto = history.target(PULLS + number), history.target(one["base"])
    if head is None or onto is None:
        raise bad(f"{number} has nothing to merge")
    start = _common(history, head, onto)
    added, removed = _difference(history, start, head)
    if clash := conflicts(history, head, onto):
        raise Refusal(409, f"both have changed {', '.join(clash)}")
    tree = grown(history, onto, added, removed)
    merged = history.add_commit(tree, (onto,), author, f"{one['title']} (#{number})")
    if not history.move(one["base"], onto, merged):
        raise Refusal(409, "the branch was updated meanwhile")
    one["status"], one["merged"] = "merged", merged
    event(one, author.name, "status-change", {"status": "merged"})
    repository.keep()


def conflicts(history: History, head: str, onto: str) -> list[str]:
    """Paths that both sides have changed, differently, since they parted."""
    start = _common(history, head, onto)
    if start == onto:
        return []
    mine, theirs = _changes(history, start, head), _changes(history, start, onto)
    return sorted(path for path in mine.keys() & theirs.keys() if mine[path] != theirs[path])


def _common(history: History, head: str, onto: str) -> str | None:
    behind = set(history.ancestors(onto))
    return next((commit for commit in history.ancestors(head) if commit in behind), None)


def _changes(history: History, start: str | None, end: str) -> dict[str, str | None]:
    before = {path: one.oid for path, one in files(history, start).items()} if start else {}
    after = {path: one.oid for path, one in files(history, end).items()}
    return {path: after.get(path) for path in _keys(before, after) if before.get(path) != after.get(path)}


def _difference(history: History, start: str | None, end: str) -> tuple[dict[str, str], list[str]]:
    changes = _changes(history, start, end)
    added = {path: oid for path, oid in changes.items() if oid}
    return added, [path for path, oid in changes.items() if oid is None]


def _keys(one: Iterable[str], other: Iterable[str]) -> set[str]:
    return {*one, *other}

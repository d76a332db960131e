"""A repository, its files and its commits as JSON."""

from datetime import UTC, datetime
from typing import Any

from .. import card
from ..call import Call
from ..history import History
from ..refusals import Refusal
from ..repository import Repository
from ..trees import Entry, file, files


def date(seconds: float) -> str:
    """ISO 8601 with milliseconds, as the client parses it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def described(repository: Repository, commit: str, call: Call) -> dict[str, Any]:
    """The answer to repo_info: everything, or what `expand` asks for."""
    kept, history = repository.settings, repository.history
    found, _ = card.metadata(_card(history, commit))
    whole = {
        "_id": f"{hash_of(repository.page)}",
        "id": repository.identifier,
        "author": repository.namespace,
        "sha": commit,
        "private": kept.is_private,
        "gated": kept.gated,
        "disabled": False,
        "createdAt": date(kept.created),
        "lastModified": date(history.commit(commit).commit_time),
        "downloads": 0,
        "likes": len(kept.likes),
        "tags": card.tags(found),
        "cardData": found or None,
        "siblings": siblings(history, commit, has_blobs=call.asks("blobs")),
    }
    if kept.kind == "models":
        whole |= {"modelId": repository.identifier}
        whole |= {"library_name": found.get("library_name"), "pipeline_tag": found.get("pipeline_tag")}
    if kept.kind == "spaces":
        whole["sdk"] = kept.sdk
    wanted = {*call.request.query_params.getlist("expand"), *call.request.query_params.getlist("expand[]")}
    return {name: value for name, value in whole.items() if not wanted or name in {*wanted, "_id", "id"}}


def siblings(history: History, commit: str, *, has_blobs: bool) -> list[dict[str, Any]]:
    """The files of a commit, with sizes and digests on demand."""
    found = []
    for path, one in files(history, commit).items():
        stored = history.stored(one.oid)
        details: dict[str, Any] = {"size": stored.real_size, "blobId": one.oid}
        if stored.pointer:
            details["lfs"] = {"sha256": stored.pointer.sha256, "size": stored.pointer.size, "pointerSize": stored.size}
        found.append({"rfilename": path, **(details if has_blobs else {})})
    return found


def listed_entry(call: Call, history: History, entry: Entry) -> dict[str, Any]:
    """One file or folder of a tree."""
    if entry.is_folder:
        return {"type": "directory", "oid": entry.oid, "size": 0, "path": entry.path}
    stored = history.stored(entry.oid)
    found = {"type": "file", "oid": entry.oid, "size": stored.real_size, "path": entry.path}
    if stored.pointer:
        found["lfs"] = {"oid": stored.pointer.sha256, "size": stored.pointer.size, "pointerSize": stored.size}
        if call.hub.has_xet and (xet := call.hub.xet.file_of(stored.pointer.sha256)):
            found["xetHash"] = xet
    return found


def last_commit(history: History, sha: str) -> dict[str, Any]:
    """The commit that gave an entry what it has."""
    commit = history.commit(sha)
    return {"id": sha, "title": title(commit.message), "date": date(commit.commit_time)}


def title(message: bytes) -> str:
    """The first line."""
    return message.decode("utf-8", "replace").partition("\n")[0]


def hash_of(text: str) -> str:
    """Twenty-four hexadecimal digits, as the Hub's own identifiers have."""
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _card(history: History, commit: str) -> str:
    try:
        return history.blob(file(history, commit, "README.md").oid).decode("utf-8", "replace")
    except Refusal:
        return ""

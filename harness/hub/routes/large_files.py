"""The large files of a whole repository: listed with where they came from, and deleted for good."""

from typing import Any

from starlette.responses import Response

from ..call import Call
from ..history import History
from ..large_files import LargeFile, large_files
from ..paging import limit, page
from ..purging import purge
from ..refusals import Refusal, bad
from ..routing import on_repository
from ..words import an_object_in
from .describing import date

_PAGE = 1000


def listing(call: Call) -> Response:
    """Every large file of every commit, newest first; for whoever may delete them."""
    repository = call.own()
    with repository.lock:
        found = [_described(call, repository.history, one) for one in large_files(repository).values()]
    found.sort(key=lambda one: str(one["pushedAt"]), reverse=True)
    return page(call.request, found, limit(call.request, _PAGE))


def remove_many(call: Call) -> Response:
    """Delete by sha256."""
    words = an_object_in(call.json(), "deletions")
    digests, rewrites = words.get("sha"), words.get("rewriteHistory", False)
    if not isinstance(digests, list) or not all(isinstance(one, str) for one in digests):
        raise bad("deletions.sha is not a list of sha256")
    if not isinstance(rewrites, bool):
        raise bad("deletions.rewriteHistory is neither true nor false")
    return _remove(call, set(digests), rewrites=rewrites)


def remove_one(call: Call) -> Response:
    """Delete one."""
    return _remove(call, {call.names["sha256"]}, rewrites=call.asks("rewriteHistory"))


def _remove(call: Call, digests: set[str], *, rewrites: bool) -> Response:
    repository = call.own()
    with repository.lock:
        strange = sorted(digests - large_files(repository).keys())
    if strange:
        raise Refusal(404, f"{repository.identifier} has no large file of sha256 {', '.join(strange)}")
    purge(call.hub, repository, digests, rewrites=rewrites)
    return Response("OK")


def _described(call: Call, history: History, one: LargeFile) -> dict[str, Any]:
    found: dict[str, Any] = {
        "fileOid": one.pointer.sha256,
        "oid": one.blob,
        "filename": one.path,
        "size": one.pointer.size,
        "pushedAt": date(history.commit(one.commit).commit_time),
        "ref": one.ref,
    }
    if call.hub.has_xet and (xet := call.hub.xet.file_of(one.pointer.sha256)):
        found["xetHash"] = xet
    return found


OPERATIONS = (
    *on_repository("GET", "/lfs-files", listing),
    *on_repository("POST", "/lfs-files/batch", remove_many),
    *on_repository("DELETE", "/lfs-files/{sha256}", remove_one),
)

"""Repositories come, go, move, and change their settings."""

from typing import Any

from starlette.responses import JSONResponse, Response

from ..call import Call
from ..history import Author
from ..paging import limit, page
from ..refusals import Refusal, bad, forbidden
from ..repository import KINDS, Repository, Settings, now
from ..routing import on_repository, operation
from ..words import text
from .describing import described

_LARGEST_PAGE = 1000


def create(call: Call) -> Response:
    """Make a repository; 409 says where the existing one is."""
    words = call.json()
    kind, identifier = _named(call, words)
    _refuse_foreign(call, identifier)
    shelf = call.hub.shelf
    with shelf.lock:
        if existing := shelf.find(kind, identifier):
            message = f"You already created this {kind[:-1]} repo"
            raise Refusal(409, message, url=_url(call, existing), name=existing.identifier)
        is_private = words.get("visibility") == "private" or bool(words.get("private"))
        settings = Settings(
            kind=kind, identifier=identifier, is_private=is_private, created=now(), sdk=text(words, "sdk") or None
        )
        made = Repository.create(shelf.folder(kind, identifier), settings, Author(name=call.writer.name))
        shelf.add(made)
    return JSONResponse({"url": _url(call, made), "name": made.identifier, "id": made.identifier})


def delete(call: Call) -> Response:
    """Remove a repository and all that it alone has."""
    kind, identifier = _named(call, call.json())
    repository = call.find(kind, identifier)
    _refuse_foreign(call, identifier)
    call.hub.shelf.remove(repository)
    return Response("OK")


def move(call: Call) -> Response:
    """Rename a repository; its old name leads to it."""
    words = call.json()
    kind, target = _kind(words), text(words, "toRepo")
    repository = call.find(kind, text(words, "fromRepo"))
    _refuse_foreign(call, repository.identifier)
    _refuse_foreign(call, target)
    moved = call.hub.shelf.rename(repository, target)
    return JSONResponse({"url": _url(call, moved)})


def settings(call: Call) -> Response:
    """Private or public; gated or open."""
    repository, words = call.own(), call.json()
    if words.get("gated", False) not in ("auto", "manual", False):
        raise bad("gated is auto, manual or false")
    with repository.lock:
        if "visibility" in words or "private" in words:
            repository.settings.is_private = words.get("visibility") == "private" or bool(words.get("private"))
        repository.settings.gated = words.get("gated", repository.settings.gated)
        repository.keep()
    return JSONResponse({"private": repository.settings.is_private, "gated": repository.settings.gated})


def may_read(call: Call) -> Response:
    """May the caller have the files?"""
    call.with_files()
    return JSONResponse({"ok": True})


def may_write(call: Call) -> Response:
    """May the caller change them?"""
    call.own()
    return JSONResponse({"ok": True})


def listing(call: Call) -> Response:
    """The repositories of a kind that the caller may know of, newest first."""
    kind, query = call.names["kind"], call.request.query_params
    seen = [one for one in call.hub.shelf if one.settings.kind == kind]
    seen = [one for one in seen if not one.settings.is_private or call.owns(one)]
    seen = [one for one in seen if query.get("author", one.namespace) == one.namespace]
    seen = [one for one in seen if query.get("search", "").lower() in one.identifier.lower()]
    seen.sort(key=lambda one: one.settings.created, reverse=True)
    found = [described(one, one.history.resolve("main"), call) for one in seen]
    wanted = set(query.getlist("filter"))
    return page(call.request, [one for one in found if wanted <= set(one["tags"])], limit(call.request, _LARGEST_PAGE))


def _kind(words: dict[str, Any]) -> str:
    kind = f"{text(words, 'type') or 'model'}s"
    if kind not in KINDS:
        raise bad(f"{words['type']!r} is no type of repository")
    return kind


def _named(call: Call, words: dict[str, Any]) -> tuple[str, str]:
    return _kind(words), f"{text(words, 'organization') or call.user.name}/{text(words, 'name')}"


def _refuse_foreign(call: Call, identifier: str) -> None:
    namespace = identifier.partition("/")[0]
    if namespace not in call.hub.accounts.namespaces(call.writer):
        raise forbidden(
            f"You don't have the rights to create, move or delete a repository under the namespace {namespace!r}"
        )


def _url(call: Call, repository: Repository) -> str:
    return f"{call.hub.addresses.hub}/{repository.page}"


OPERATIONS = (
    *operation("POST", "/api/repos/create", create),
    *operation("DELETE", "/api/repos/delete", delete),
    *operation("POST", "/api/repos/move", move),
    *on_repository("PUT", "/settings", settings),
    *on_repository("GET", "/auth-check", may_read),
    *on_repository("GET", "/auth-check/write", may_write),
    *operation("GET", "/api/{kind:kind}", listing),
)

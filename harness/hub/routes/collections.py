"""Collections: made, seen, filled, put in order, and removed."""

from typing import Any

from starlette.responses import JSONResponse, Response

from ..call import Call
from ..collection import Collection, Item, new_key
from ..paging import limit, page
from ..refusals import Refusal, bad, forbidden
from ..repository import KINDS
from ..routing import operation
from ..words import an_object_in, text
from .describing import date

_PAGE = 100
# A list shows so many items of each; all come with the collection itself.
_SHOWN = 4
_ONE = "/api/collections/{namespace}/{slug}"
# Nobody votes here, so that all of them come to the same order.
_SORTS = ("lastModified", "trending", "upvotes")


def listing(call: Call) -> Response:
    """The collections that the caller may know of, the last changed first."""
    query = call.request.query_params
    owners, wanted = query.getlist("owner"), query.getlist("item")
    if query.get("sort", "lastModified") not in _SORTS:
        raise bad(f"sort is one of {', '.join(_SORTS)}")
    seen = [one for one in call.hub.collections if _may_see(call, one) and (not owners or one.owner in owners)]
    seen = [one for one in seen if all(word in _words(one) for word in wanted)]
    seen.sort(key=lambda one: one.updated, reverse=True)
    found = [_in_short(_described(call, one)) for one in seen]
    return page(call.request, found, limit(call.request, _PAGE))


def create(call: Call) -> Response:
    """A new one; a second of the same title is another."""
    words = call.json()
    owner, title = text(words, "namespace") or call.user.name, text(words, "title").strip()
    _refuse_stranger(call, owner)
    if not title:
        raise bad("a collection needs a title")
    made = Collection(key=new_key(), owner=owner, title=title, is_private=bool(words.get("private")))
    made.description = text(words, "description") or None
    with call.hub.collections.lock:
        made.position = sum(one.owner == owner for one in call.hub.collections)
        call.hub.collections.add(made)
    return JSONResponse(_described(call, made))


def information(call: Call) -> Response:
    """One of them, by any address that it had."""
    return JSONResponse(_described(call, _found(call)))


def update(call: Call) -> Response:
    """Another title gives it another address; the old one leads to it."""
    words = call.json()
    with call.hub.collections.lock:
        one = _own(call)
        one.title = text(words, "title").strip() or one.title
        one.description = (text(words, "description") or None) if "description" in words else one.description
        one.theme = text(words, "theme") or one.theme
        one.is_private = bool(words.get("private", one.is_private))
        one.position = _position(words, one.position)
        call.hub.collections.keep(one)
    return JSONResponse({"success": True, "data": _described(call, one)})


def delete(call: Call) -> Response:
    """Remove it; what is in it stays."""
    with call.hub.collections.lock:
        call.hub.collections.remove(_own(call))
    return JSONResponse({"success": True})


def add_item(call: Call) -> Response:
    """Put something at the end."""
    words = call.json()
    kind, name = _named(call, an_object_in(words, "item"))
    with call.hub.collections.lock:
        one = _own(call)
        if any((item.kind, item.name) == (kind, name) for item in one.items):
            raise Refusal(409, f"{name} is in the collection already")
        one.items.append(Item(key=new_key(), kind=kind, name=name, note=text(words, "note") or None))
        call.hub.collections.keep(one)
    return JSONResponse(_described(call, one))


def update_item(call: Call) -> Response:
    """Another note, another place."""
    words = call.json()
    with call.hub.collections.lock:
        one = _own(call)
        item = one.item(call.names["item"])
        item.note = (text(words, "note") or None) if "note" in words else item.note
        place = _position(words, one.items.index(item))
        one.items.remove(item)
        one.items.insert(place, item)
        call.hub.collections.keep(one)
    return JSONResponse({"success": True})


def delete_item(call: Call) -> Response:
    """Take something out."""
    with call.hub.collections.lock:
        one = _own(call)
        one.items.remove(one.item(call.names["item"]))
        call.hub.collections.keep(one)
    return JSONResponse({"success": True})


def _found(call: Call) -> Collection:
    one = call.hub.collections.find(call.names["slug"])
    if one is None or one.owner != call.names["namespace"] or not _may_see(call, one):
        raise Refusal(404, "Collection not found")
    return one


def _own(call: Call) -> Collection:
    one = _found(call)
    _refuse_stranger(call, one.owner)
    return one


def _may_see(call: Call, one: Collection) -> bool:
    return not one.is_private or (call.caller is not None and one.owner in call.hub.accounts.namespaces(call.caller))


def _refuse_stranger(call: Call, owner: str) -> None:
    if owner not in call.hub.accounts.namespaces(call.writer):
        raise forbidden(f"You don't have the rights to change collections under the namespace {owner!r}")


def _named(call: Call, item: dict[str, Any]) -> tuple[str, str]:
    """Kind and name of something that the caller may know of; refused with 404 where there is nothing."""
    kind, name = text(item, "type"), text(item, "id")
    if kind == "collection":
        one = call.hub.collections.find(name)
        if one is None or not _may_see(call, one):
            raise Refusal(404, "Collection not found")
        return kind, one.key
    if f"{kind}s" in KINDS:
        return kind, call.find(f"{kind}s", name).identifier
    raise Refusal(501, f"samedevice's Hub has no items of type {kind!r}", "NotImplemented")


def _position(words: dict[str, Any], before: int) -> int:
    place = words.get("position", before)
    if not isinstance(place, int) or isinstance(place, bool) or place < 0:
        raise bad(f"position is {place!r}: want a number from 0")
    return place


def _words(one: Collection) -> set[str]:
    """Its items as a search says them: `models/owner/name`."""
    return {f"{item.kind}s/{item.name}" for item in one.items}


def _described(call: Call, one: Collection) -> dict[str, Any]:
    shown = [told for item in one.items if (told := _told(call, item)) is not None]
    return {
        "slug": one.slug,
        "title": one.title,
        "description": one.description,
        "owner": one.owner,
        "private": one.is_private,
        "theme": one.theme,
        "position": one.position,
        "upvotes": 0,
        "isUpvotedByUser": False,
        "lastUpdated": date(one.updated),
        "items": [{**told, "position": at} for at, told in enumerate(shown)],
    }


def _in_short(told: dict[str, Any]) -> dict[str, Any]:
    """As in a list, whose reader counts the positions."""
    kept = {name: value for name, value in told.items() if name != "position"}
    return {**kept, "items": told["items"][:_SHOWN]}


def _told(call: Call, item: Item) -> dict[str, Any] | None:
    """An item as the caller may see it; None where it is gone, or private to others."""
    told: dict[str, Any] = {"_id": item.key, "id": item.name, "type": item.kind}
    if item.note:
        told["note"] = {"text": item.note, "html": item.note}
    if item.kind == "collection":
        other = call.hub.collections.find(item.name)
        return {**told, "slug": other.slug} if other is not None and _may_see(call, other) else None
    shelf, kind = call.hub.shelf, f"{item.kind}s"
    found = shelf.find(kind, item.name) or shelf.moved(kind, item.name)
    if found is None or (found.settings.is_private and not call.owns(found)):
        return None
    return {**told, "id": found.identifier}


OPERATIONS = (
    *operation("GET", "/api/collections", listing),
    *operation("POST", "/api/collections", create),
    *operation("GET", _ONE, information),
    *operation("PATCH", _ONE, update),
    *operation("DELETE", _ONE, delete),
    *operation("POST", f"{_ONE}/items", add_item),
    *operation("PATCH", f"{_ONE}/items/{{item}}", update_item),
    *operation("DELETE", f"{_ONE}/items/{{item}}", delete_item),
)

"""Who likes what. The real Hub takes a like from its page alone, and the client can only take one back."""

from typing import Any

from starlette.responses import Response

from ..call import Call
from ..paging import limit, page
from ..refusals import Refusal
from ..repository import Repository, now
from ..routing import on_repository, operation
from .describing import date

_PAGE = 1000


def like(call: Call) -> Response:
    """What the button of the page does."""
    repository, name = call.repository(), call.writer.name
    with repository.lock:
        repository.settings.likes.setdefault(name, now())
        repository.keep()
    return Response("OK")


def unlike(call: Call) -> Response:
    """Take a like back; one that was not given is none."""
    repository, name = call.repository(), call.writer.name
    with repository.lock:
        repository.settings.likes.pop(name, None)
        repository.keep()
    return Response("OK")


def likers(call: Call) -> Response:
    """The users who like a repository, the newest first."""
    likes = call.repository().settings.likes
    names = sorted(likes, key=lambda name: likes[name], reverse=True)
    found = [{"user": name, "fullname": call.hub.accounts.users[name], "avatarUrl": ""} for name in names]
    return page(call.request, found, limit(call.request, _PAGE))


def liked(call: Call) -> Response:
    """The public repositories that a user likes, the newest first."""
    name = call.names["user"]
    if name not in call.hub.accounts.users:
        raise Refusal(404, f"no user {name}")
    seen = [one for one in call.hub.shelf if name in one.settings.likes and not one.settings.is_private]
    seen.sort(key=lambda one: one.settings.likes[name], reverse=True)
    return page(call.request, [_liked(one, name) for one in seen], limit(call.request, _PAGE))


def _liked(repository: Repository, name: str) -> dict[str, Any]:
    kind = repository.settings.kind.removesuffix("s")
    return {
        "createdAt": date(repository.settings.likes[name]),
        "repo": {"name": repository.identifier, "type": kind},
    }


OPERATIONS = (
    *on_repository("POST", "/like", like),
    *on_repository("DELETE", "/like", unlike),
    *on_repository("GET", "/likers", likers),
    *operation("GET", "/api/users/{user}/likes", liked),
)

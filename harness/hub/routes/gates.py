"""Who may have the files of a gated repository: requests, and what its owner makes of them."""

import hashlib
from typing import Any

from starlette.responses import JSONResponse, Response

from ..call import Call
from ..paging import page
from ..refusals import Refusal, bad
from ..repository import Repository, now
from ..routing import on_page, on_repository
from ..words import text
from .describing import date

_PAGE = 100
_STATES = ("pending", "accepted", "rejected")


def ask(call: Call) -> Response:
    """Ask for access, as the page of a gated repository does; granted at once where the gate is automatic."""
    repository = call.repository()
    with repository.lock:
        if not repository.settings.gated:
            raise bad(f"{repository.identifier} is not gated")
        state = "accepted" if repository.settings.gated == "auto" else "pending"
        _set(repository, call.user.name, repository.settings.requests.get(call.user.name, {}).get("status", state))
    return JSONResponse({"status": repository.settings.requests[call.user.name]["status"]})


def listing(call: Call) -> Response:
    """The requests in one state."""
    repository, state = call.own(), call.names["state"]
    if state not in _STATES:
        raise bad(f"{state!r} is none of {', '.join(_STATES)}")
    found = repository.settings.requests.items()
    return page(call.request, [_request(call, user, one) for user, one in found if one["status"] == state], _PAGE)


def handle(call: Call) -> Response:
    """Accept, reject, or put back to pending."""
    repository, words = call.own(), call.json()
    known = repository.settings.requests
    user = next(
        (name for name in known if words.get("user") == name or words.get("requestId") == _identifier(name)), None
    )
    state = text(words, "status")
    if user is None:
        raise Refusal(404, "no request of that user")
    if state not in _STATES or known[user]["status"] == state:
        raise bad(f"the request is {known[user]['status']} and cannot become {state!r}")
    with repository.lock:
        _set(repository, user, state)
    return JSONResponse({"status": state})


def grant(call: Call) -> Response:
    """Give access to someone who has not asked."""
    repository, user = call.own(), text(call.json(), "user")
    if user not in call.hub.accounts.users:
        raise Refusal(404, f"no user {user}")
    if repository.settings.requests.get(user, {}).get("status") == "accepted":
        raise bad(f"{user} has access already")
    with repository.lock:
        _set(repository, user, "accepted")
    return JSONResponse({"status": "accepted"})


def _set(repository: Repository, user: str, state: str) -> None:
    repository.settings.requests[user] = {"status": state, "time": now()}
    repository.keep()


def _request(call: Call, user: str, one: dict[str, Any]) -> dict[str, Any]:
    who = {"user": user, "fullname": call.hub.accounts.users[user]}
    return {"requestId": _identifier(user), "status": one["status"], "timestamp": date(one["time"]), "user": who}


def _identifier(user: str) -> str:
    return hashlib.sha256(user.encode()).hexdigest()[:24]


OPERATIONS = (
    *on_page("POST", "/ask-access", ask),
    *on_repository("GET", "/user-access-request/{state}", listing),
    *on_repository("POST", "/user-access-request/handle", handle),
    *on_repository("POST", "/user-access-request/grant", grant),
)

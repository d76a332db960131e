"""Discussions and pull requests."""

from io import BytesIO
from typing import Any

from dulwich.objects import ObjectID
from dulwich.patch import write_tree_diff
from starlette.responses import JSONResponse, Response

from .. import discussions
from ..call import Call
from ..history import MAIN, PULLS
from ..refusals import bad, forbidden
from ..repository import Repository
from ..routing import Handler, on_repository
from ..words import text
from .describing import date

_PAGE = 50


def create(call: Call) -> Response:
    """Open a discussion, or a pull request that has no commit yet."""
    repository, words = call.repository(), call.json()
    title = text(words, "title").strip()
    if len(title) < 3:
        raise bad("the title has at least three letters")
    base = MAIN if words.get("pullRequest") else None
    number = discussions.open_one(
        repository, call.writer.name, (title, text(words, "description")), base=base, head=None
    )
    url = f"{call.hub.addresses.hub}/{repository.page}/discussions/{number}"
    return JSONResponse({"num": number, "url": url, "pullRequest": base is not None})


def listing(call: Call) -> Response:
    """A page of them, newest first."""
    repository, query = call.repository(), call.request.query_params
    found = [one for one in reversed(repository.settings.discussions) if _fits(one, query)]
    number = query.get("p", "0")
    start = _PAGE * int(number) if number.isdecimal() else 0
    shown = [_brief(repository, one) for one in found[start : start + _PAGE]]
    return JSONResponse({"discussions": shown, "count": len(found), "start": start})


def details(call: Call) -> Response:
    """One, with all that happened; a pull request with its difference."""
    repository = call.repository()
    one = discussions.find(repository, call.names["number"])
    answer = {**_brief(repository, one), "events": [_event(what) for what in one["events"]]}
    if one["base"]:
        history = repository.history
        head, onto = history.target(f"{PULLS}{one['num']}"), history.target(one["base"])
        answer["changes"] = {"base": one["base"], "mergeCommitId": one["merged"]}
        is_open = one["merged"] is None and head and onto
        answer["filesWithConflicts"] = discussions.conflicts(history, head, onto) if is_open and head and onto else []
        if call.asks("diff") and head and onto and is_open:
            answer["diff"] = _difference(repository, onto, head)
    return JSONResponse(answer)


def comment(call: Call) -> Response:
    """Say something."""
    repository, one = _found(call)
    made = discussions.comment(one, call.writer.name, text(call.json(), "comment"))
    repository.keep()
    return JSONResponse({"newMessage": _event(made)})


def edit(call: Call) -> Response:
    """Say it in other words."""
    repository, said = _said(call)
    words = text(call.json(), "content")
    said["data"] |= {"edited": True, "latest": {"raw": words, "html": words}}
    repository.keep()
    return JSONResponse({"updatedComment": _event(said)})


def hide(call: Call) -> Response:
    """Take it back."""
    repository, said = _said(call)
    said["data"]["hidden"] = True
    repository.keep()
    return JSONResponse({"updatedComment": _event(said)})


def retitle(call: Call) -> Response:
    """Give another title."""
    repository, one = _found(call)
    title = text(call.json(), "title")
    made = discussions.event(one, call.writer.name, "title-change", {"from": one["title"], "to": title})
    one["title"] = title
    repository.keep()
    return JSONResponse({"newTitle": _event(made)})


def status(call: Call) -> Response:
    """Open or close."""
    repository, one = _found(call)
    words = call.json()
    made = discussions.set_status(one, call.writer.name, text(words, "status"))
    if said := text(words, "comment"):
        discussions.comment(one, call.writer.name, said)
    repository.keep()
    return JSONResponse({"newStatus": _event(made)})


def merge(call: Call) -> Response:
    """Merge a pull request."""
    repository = call.own()
    with repository.lock:
        if said := text(call.json(), "comment"):
            discussions.comment(discussions.find(repository, call.names["number"]), call.writer.name, said)
        discussions.merge(repository, call.names["number"], call.author)
    return JSONResponse({"success": True})


def _locked(answer: Handler) -> Handler:
    """One at a time in each repository: what was said is written down as a whole."""

    def locked(call: Call) -> Response:
        with call.repository().lock:
            return answer(call)

    return locked


def _found(call: Call) -> tuple[Repository, dict[str, Any]]:
    repository = call.repository()
    return repository, discussions.find(repository, call.names["number"])


def _said(call: Call) -> tuple[Repository, dict[str, Any]]:
    repository, one = _found(call)
    said = next((what for what in one["events"] if what["id"] == call.names["comment"]), None)
    if said is None or said["type"] != "comment":
        raise bad(f"no comment {call.names['comment']}")
    if said["author"] != call.writer.name and not call.owns(repository):
        raise forbidden("it is another's comment")
    return repository, said


def _fits(one: dict[str, Any], query: Any) -> bool:
    kind = "pull_request" if one["base"] else "discussion"
    is_open = one["status"] in ("open", "draft")
    return (
        query.get("author", one["author"]) == one["author"]
        and query.get("type", "all") in ("all", kind)
        and query.get("status", "all") in ("all", "open" if is_open else "closed")
    )


def _brief(repository: Repository, one: dict[str, Any]) -> dict[str, Any]:
    return {
        "num": one["num"],
        "title": one["title"],
        "author": {"name": one["author"]},
        "createdAt": date(one["created"]),
        "status": one["status"],
        "isPullRequest": one["base"] is not None,
        "repo": {"name": repository.identifier, "type": repository.settings.kind[:-1]},
    }


def _event(what: dict[str, Any]) -> dict[str, Any]:
    kept = {name: what[name] for name in ("id", "type", "data")}
    return {**kept, "createdAt": date(what["created"]), "author": {"name": what["author"]}}


def _difference(repository: Repository, onto: str, head: str) -> str:
    out, history = BytesIO(), repository.history
    trees = (ObjectID(history.commit(onto).tree), ObjectID(history.commit(head).tree))
    write_tree_diff(out, history.objects, *trees)
    return out.getvalue().decode("utf-8", "replace")


OPERATIONS = (
    *on_repository("POST", "/discussions", create),
    *on_repository("GET", "/discussions", listing),
    *on_repository("GET", "/discussions/{number}", details),
    *on_repository("POST", "/discussions/{number}/comment", _locked(comment)),
    *on_repository("POST", "/discussions/{number}/comment/{comment}/edit", _locked(edit)),
    *on_repository("POST", "/discussions/{number}/comment/{comment}/hide", _locked(hide)),
    *on_repository("POST", "/discussions/{number}/title", _locked(retitle)),
    *on_repository("POST", "/discussions/{number}/status", _locked(status)),
    *on_repository("POST", "/discussions/{number}/merge", merge),
)

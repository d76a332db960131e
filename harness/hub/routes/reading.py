"""What is in a repository: the answers that need no file's content."""

from typing import Any

from starlette.responses import JSONResponse, Response

from ..call import Call
from ..history import History
from ..paging import limit, page
from ..refusals import Refusal
from ..routing import on_repository
from ..trees import Entry, changed, entry, listed
from .describing import date, described, last_commit, listed_entry, title

_PAGE, _EXPANDED_PAGE = 1000, 50
# Nothing is scanned here, and nothing is called safe.
_UNSCANNED = {"status": "unscanned", "avScan": None, "pickleImportScan": None}


def information(call: Call) -> Response:
    """repo_info of the main branch or of a revision."""
    repository = call.repository()
    return JSONResponse(described(repository, repository.history.resolve(call.names.get("revision", "main")), call))


def tree(call: Call) -> Response:
    """The entries of a folder, or of everything below it."""
    history = call.repository().history
    commit = history.resolve(call.names["revision"])
    path = call.names.get("path", "").strip("/")
    found = list(listed(history, commit, path, is_recursive=call.asks("recursive")))
    most = _EXPANDED_PAGE if call.asks("expand") else _PAGE
    return page(call.request, _entries(call, history, commit, found), limit(call.request, most))


def paths(call: Call) -> Response:
    """The entries at the given paths; what is not there is left out."""
    history = call.repository().history
    commit = history.resolve(call.names["revision"])
    asked = [value.strip("/") for name, value in call.form() if name == "paths"]
    found = [one for path in asked if (one := _there(history, commit, path))]
    is_expanded = any(name == "expand" and value.lower() == "true" for name, value in call.form())
    return JSONResponse(_entries(call, history, commit, found, is_expanded=is_expanded))


def commits(call: Call) -> Response:
    """The commits of a revision, newest first."""
    history = call.repository().history
    query = call.request.query_params
    is_formatted = "formatted" in (*query.getlist("expand[]"), *query.getlist("expand"))
    found = [_commit(history, sha, is_formatted) for sha in history.ancestors(history.resolve(call.names["revision"]))]
    return page(call.request, found, limit(call.request, _EXPANDED_PAGE))


def _commit(history: History, sha: str, is_formatted: bool) -> dict[str, Any]:
    made = history.commit(sha)
    text = made.message.decode("utf-8", "replace")
    found: dict[str, Any] = {
        "id": sha,
        "title": title(made.message),
        "message": text.partition("\n")[2].strip("\n"),
        "authors": [{"user": made.author.decode().partition(" <")[0], "avatar": ""}],
        "date": date(made.commit_time),
    }
    if is_formatted:
        found["formatted"] = {"title": found["title"], "message": f"<p>{found['message']}</p>"}
    return found


def _entries(
    call: Call, history: History, commit: str, found: list[Entry], *, is_expanded: bool | None = None
) -> list[dict[str, Any]]:
    answers = [listed_entry(call, history, one) for one in found]
    if call.asks("expand") if is_expanded is None else is_expanded:
        last = changed(history, {one.path: one.oid for one in found}, commit)
        for answer in answers:
            answer["lastCommit"] = last_commit(history, last[answer["path"]])
            answer["securityFileStatus"] = _UNSCANNED
    return answers


def _there(history: History, commit: str, path: str) -> Entry | None:
    try:
        return entry(history, commit, path)
    except Refusal:
        return None


OPERATIONS = (
    *on_repository("GET", "", information),
    *on_repository("GET", "/revision/{revision}", information),
    *on_repository("GET", "/tree/{revision}", tree),
    *on_repository("GET", "/tree/{revision}/{path:path}", tree),
    *on_repository("POST", "/paths-info/{revision}", paths),
    *on_repository("GET", "/commits/{revision}", commits),
)

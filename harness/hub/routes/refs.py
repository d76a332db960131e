"""Branches and tags, and a history made short."""

from typing import Any

from dulwich.refs import Ref, check_ref_format
from starlette.responses import JSONResponse, Response

from ..call import Call
from ..history import HEADS, MAIN, PULLS, TAGS, History
from ..refusals import Refusal, bad, forbidden, no_revision
from ..routing import on_repository
from ..words import text


def references(call: Call) -> Response:
    """All branches and tags; pull requests on demand."""
    history = call.repository().history
    answer: dict[str, Any] = {"branches": _listed(history, HEADS), "converts": [], "tags": _listed(history, TAGS)}
    if call.request.query_params.get("include_prs"):
        answer["pullRequests"] = _listed(history, PULLS)
    return JSONResponse(answer)


def create_branch(call: Call) -> Response:
    """A branch at the given point, or at the head of main."""
    repository, ref = call.own(), HEADS + call.names["branch"]
    _refuse_bad(ref)
    with repository.lock:
        start = repository.history.resolve(text(call.json(), "startingPoint") or "main")
        _put(repository.history, ref, start)
    return JSONResponse({"ref": ref, "targetCommit": start}, 201)


def delete_branch(call: Call) -> Response:
    """Forget a branch; main stays."""
    repository, ref = call.own(), HEADS + call.names["branch"]
    if ref == MAIN:
        raise forbidden(f"Cannot delete {MAIN}")
    _remove(call, repository.history, ref)
    return Response("OK")


def create_tag(call: Call) -> Response:
    """A tag, annotated where it has a message."""
    repository, words = call.own(), call.json()
    name, message = text(words, "tag"), text(words, "message")
    with repository.lock:
        history = repository.history
        commit = history.resolve(call.names["revision"])
        _refuse_bad(TAGS + name)
        target = history.add_tag(name, commit, call.author, message) if message else commit
        _put(history, TAGS + name, target)
    return JSONResponse({"ref": TAGS + name, "targetCommit": commit}, 201)


def delete_tag(call: Call) -> Response:
    """Forget a tag."""
    _remove(call, call.own().history, TAGS + call.names["revision"])
    return Response("OK")


def squash(call: Call) -> Response:
    """Make one commit of a branch's whole history."""
    repository = call.own()
    with repository.lock:
        history = repository.history
        ref = history.ref_of(call.names["revision"])
        head = history.target(ref) if ref else None
        if ref is None or head is None or ref.startswith(TAGS):
            raise no_revision(call.names["revision"])
        message = str(
            call.json().get("message") or f"Super-squash branch '{ref.removeprefix(HEADS)}' using huggingface_hub"
        )
        single = history.add_commit(history.commit(head).tree.decode(), (), call.author, message)
        if not history.move(ref, head, single):
            raise Refusal(409, f"{ref} was moved meanwhile")
    return JSONResponse({"commitId": single})


def _listed(history: History, prefix: str) -> list[dict[str, str]]:
    refs = history.refs(prefix)
    return [{"name": name, "ref": prefix + name, "targetCommit": commit} for name, commit in refs.items()]


def _refuse_bad(ref: str) -> None:
    if not check_ref_format(Ref(ref.encode())):
        raise bad(f"Invalid reference name: {ref}")


def _put(history: History, ref: str, target: str) -> None:
    names = history.refs(ref[: ref.index("/", len("refs/")) + 1])
    short = ref.split("/", 2)[2]
    if any(name.startswith(f"{short}/") or short.startswith(f"{name}/") for name in names):
        raise Refusal(409, f"Reference {ref} is in the way of another")
    if not history.move(ref, None, target):
        raise Refusal(409, f"Reference {ref} already exists")


def _remove(call: Call, history: History, ref: str) -> None:
    if history.target(ref) is None:
        raise no_revision(ref)
    history.remove(ref)


OPERATIONS = (
    *on_repository("GET", "/refs", references),
    *on_repository("POST", "/branch/{branch}", create_branch),
    *on_repository("DELETE", "/branch/{branch}", delete_branch),
    *on_repository("POST", "/tag/{revision}", create_tag),
    *on_repository("DELETE", "/tag/{revision}", delete_tag),
    *on_repository("POST", "/super-squash/{revision}", squash),
)

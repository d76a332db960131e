"""The commit itself: on a branch, on a pull request, or on a new pull request."""

from starlette.responses import JSONResponse, Response

from .. import discussions
from ..call import Call
from ..changes import applied, head_for, read
from ..history import HEADS, PULLS
from ..purging import take_back
from ..refusals import Refusal, bad, no_revision
from ..repository import Repository
from ..routing import on_repository


def commit(call: Call) -> Response:
    """Apply the changes and say where they are now."""
    revision, is_proposal = call.names["revision"], call.asks("create_pr")
    repository = call.open_to(is_proposal=is_proposal or revision.startswith(PULLS))
    changes = read(call.body)
    with repository.lock:
        history = repository.history
        ref = history.ref_of(revision)
        if ref is None or not ref.startswith((HEADS, PULLS)):
            raise (
                no_revision(revision)
                if ref is None
                else bad(f"{revision} is no branch: nothing can be committed on it")
            )
        if ref.startswith(PULLS):
            discussions.refuse_stranger(repository, ref, call.author.name, owns=call.owns(repository))
        head = head_for(history, ref, changes)
        made = applied(history, call.hub.contents, head, changes, call.author)
        answer = {"success": True, "commitOid": made, "commitUrl": _url(call, repository, f"commit/{made}")}
        if is_proposal:
            title, _, text = changes.message.partition("\n\n")
            number = discussions.open_one(repository, call.author.name, (title, text), base=ref, head=made)
            answer["pullRequestUrl"] = _url(call, repository, f"discussions/{number}")
        elif not history.move(ref, head, made):
            raise Refusal(412, "The branch was updated since you opened this page.")
        take_back(repository, [str(value.get("oid")) for key, value in changes.operations if key == "lfsFile"])
        discussions.note_push(repository, f"{PULLS}{number}" if is_proposal else ref, call.author.name, made)
    return JSONResponse(answer)


def _url(call: Call, repository: Repository, path: str) -> str:
    return f"{call.hub.addresses.hub}/{repository.page}/{path}"


OPERATIONS = on_repository("POST", "/commit/{revision}", commit)

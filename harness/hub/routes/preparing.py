"""Before an upload: which files go to LFS, which are ignored, which are there already."""

from typing import Any

from starlette.responses import JSONResponse, Response

from ..attributes import Rules
from ..call import Call
from ..history import History
from ..refusals import Refusal, bad
from ..routing import on_repository
from ..trees import file, refuse_bad_path
from ..words import base64_in, objects, size, text

_MOST = 256


def prepare(call: Call) -> Response:
    """For each file its way, and what the branch holds at its path now."""
    repository = call.open_to(is_proposal=call.asks("create_pr"))
    words = call.json()
    asked = objects(words, "files")
    if len(asked) > _MOST:
        raise bad(f"{len(asked)} files are more than {_MOST}")
    history = repository.history
    commit = history.resolve(call.names["revision"])
    rules = Rules(history, commit)
    return JSONResponse(
        {
            "files": [
                _way(history, commit, rules, one, words.get("gitIgnore") and text(words, "gitIgnore")) for one in asked
            ]
        }
    )


def _way(history: History, commit: str, rules: Rules, one: dict[str, Any], ignored: str | None) -> dict[str, Any]:
    path = text(one, "path")
    refuse_bad_path(path)
    is_large = rules.is_large(path, size(one), base64_in(one, "sample"))
    return {
        "path": path,
        "uploadMode": "lfs" if is_large else "regular",
        "shouldIgnore": rules.is_ignored(path, ignored),
        **_present(history, commit, path),
    }


def _present(history: History, commit: str, path: str) -> dict[str, str]:
    """The sha256 of a large file, the git id of another."""
    try:
        oid = file(history, commit, path).oid
    except Refusal:
        return {}
    pointer = history.stored(oid).pointer
    return {"oid": pointer.sha256 if pointer else oid}


OPERATIONS = on_repository("POST", "/preupload/{revision}", prepare)

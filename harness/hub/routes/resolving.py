"""A file of a revision: small ones from here, large ones from the CDN."""

from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from ..call import Call
from ..refusals import Refusal
from ..repository import Repository
from ..routing import on_page, operation
from ..sending import ranged
from ..trees import file

_CACHED = "/api/resolve-cache"


def resolve(call: Call) -> Response:
    """Lead to the file, with its commit, its digest and its size."""
    repository = call.with_files()
    history = repository.history
    commit = history.resolve(call.names["revision"])
    path = call.names["path"]
    found = file(history, commit, path)
    stored = history.stored(found.oid)
    headers = {"X-Repo-Commit": commit, "Accept-Ranges": "bytes"}
    if stored.pointer is None:
        location = f"{_CACHED}/{repository.settings.kind}/{repository.identifier}/{commit}/{quote(path)}"
        return RedirectResponse(location, 307, headers={**headers, "ETag": f'"{found.oid}"'})
    sha256, size = stored.pointer.sha256, stored.pointer.size
    if sha256 in repository.settings.purged:
        raise Refusal(404, f"{path} was deleted for good", "EntryNotFound", headers={"X-Repo-Commit": commit})
    headers |= {"X-Linked-ETag": f'"{sha256}"', "X-Linked-Size": str(size), "ETag": f'"{sha256}"'}
    headers |= _xet(call, repository, sha256, commit)
    return RedirectResponse(call.hub.on_cdn(f"/lfs/{sha256}", name=path.rpartition("/")[2]), 302, headers=headers)


def cached(call: Call) -> Response:
    """The bytes of a small file of a commit."""
    repository = call.with_files()
    commit = repository.history.resolve(call.names["revision"])
    found = file(repository.history, commit, call.names["path"])
    headers = {"X-Repo-Commit": commit, "ETag": f'"{found.oid}"'}
    return ranged(call.request, repository.history.blob(found.oid), headers)


def _xet(call: Call, repository: Repository, sha256: str, commit: str) -> dict[str, str]:
    """How a client with xet gets the file instead; nothing where it did not come by xet."""
    found = call.hub.xet.file_of(sha256) if call.hub.has_xet else None
    if found is None:
        return {}
    hub, cas = call.hub.addresses.hub, call.hub.addresses.cas
    token = f"{hub}/api/{repository.settings.kind}/{repository.identifier}/xet-read-token/{commit}"
    links = f'<{token}>; rel="xet-auth", <{cas}/v1/reconstructions/{found}>; rel="xet-reconstruction-info"'
    return {"X-Xet-Hash": found, "Link": links}


OPERATIONS = (
    *on_page("GET", "/resolve/{revision}/{path:path}", resolve),
    *operation("GET", _CACHED + "/{kind:kind}/{namespace}/{name}/{revision}/{path:path}", cached),
)

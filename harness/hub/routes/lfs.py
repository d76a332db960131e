"""Git LFS: where to put large files, in one piece or in several."""

import secrets
from typing import Any

from starlette.responses import JSONResponse, Response

from ..call import Call
from ..refusals import Refusal, bad
from ..routing import on_page, on_repository

_MEDIA = "application/vnd.git-lfs+json"
PART, MULTIPART_ABOVE = 5 << 20, 10 << 20


def batch(call: Call) -> Response:
    """What to do with each object: nothing where it is here."""
    words = call.json()
    transfers = words.get("transfers") or ["basic"]
    if words.get("operation") != "upload":
        raise bad("large files are downloaded from their page: /resolve/")
    call.open_to(is_proposal=True)
    if "xet" in transfers and call.hub.has_xet:
        objects = [{"oid": one["oid"], "size": one["size"]} for one in words.get("objects", [])]
        return JSONResponse({"transfer": "xet", "objects": objects}, media_type=_MEDIA)
    objects = [_upload(call, one, may_split="multipart" in transfers) for one in words.get("objects", [])]
    transfer = "multipart" if any(_is_split(one) for one in objects) else "basic"
    return JSONResponse({"transfer": transfer, "objects": objects}, media_type=_MEDIA)


def verify(call: Call) -> Response:
    """Is the object here, with that size?"""
    call.open_to(is_proposal=True)
    words = call.json()
    if call.hub.contents.size(str(words.get("oid"))) != words.get("size"):
        raise Refusal(404, f"{words.get('oid')} of {words.get('size')} bytes was not uploaded")
    return JSONResponse({"oid": words["oid"], "size": words["size"]})


def duplicate(call: Call) -> Response:
    """May the large files of this repository be named in another? They lie in one heap already."""
    call.with_files()
    words = call.json()
    target = words.get("target") or {}
    call.find_own(f"{target.get('type') or 'model'}s", str(target.get("name")))
    wanted = [str(one.get("sha256")) for one in words.get("files", [])]
    failed = [{"sha256": oid, "error": "not here"} for oid in wanted if call.hub.contents.size(oid) is None]
    return JSONResponse({"failed": failed, "succeeded": len(wanted) - len(failed)})


def _upload(call: Call, one: dict[str, Any], *, may_split: bool) -> dict[str, Any]:
    oid, size = str(one.get("oid")), one.get("size")
    if not isinstance(size, int) or size < 0:
        raise bad(f"{size!r} is not a size")
    answer: dict[str, Any] = {"oid": oid, "size": size}
    if call.hub.contents.size(oid) == size:
        return answer
    if may_split and size > MULTIPART_ABOVE:
        upload = _split(call, oid, size)
    else:
        upload = {"href": call.hub.on_cdn(f"/upload/{oid}", size=size)}
    repository = call.repository()
    page = f"{call.hub.addresses.hub}/{repository.page}.git/info/lfs/objects/verify"
    return {**answer, "authenticated": True, "actions": {"upload": upload, "verify": {"href": page}}}


def _split(call: Call, oid: str, size: int) -> dict[str, Any]:
    """One address per part, and one that puts the parts together."""
    name, count = secrets.token_hex(16), -(-size // PART)
    parts = {str(number): call.hub.on_cdn(f"/part/{name}/{number}") for number in range(1, count + 1)}
    complete = call.hub.on_cdn(f"/complete/{name}", oid=oid, size=size, count=count)
    return {"href": complete, "header": {"chunk_size": str(PART), **parts}}


def _is_split(answer: dict[str, Any]) -> bool:
    return "header" in answer.get("actions", {}).get("upload", {})


OPERATIONS = (
    *on_page("POST", ".git/info/lfs/objects/batch", batch),
    *on_page("POST", ".git/info/lfs/objects/verify", verify),
    *on_repository("POST", "/lfs-files/duplicate", duplicate),
)

"""Git LFS: where to put large files, in one piece or in several."""

import secrets
from typing import Any

from starlette.responses import JSONResponse, Response

from ..call import Call
from ..refusals import Refusal, bad
from ..routing import on_page, on_repository
from ..words import an_object_in, objects, size, text

_MEDIA = "application/vnd.git-lfs+json"
PART, MULTIPART_ABOVE = 5 << 20, 10 << 20


def batch(call: Call) -> Response:
    """What to do with each object: nothing where it is here."""
    words = call.json()
    transfers = words.get("transfers")
    if not isinstance(transfers, list):
        transfers = ["basic"]
    if words.get("operation") != "upload":
        raise bad("large files are downloaded from their page: /resolve/")
    call.open_to(is_proposal=True)
    asked = objects(words, "objects")
    if "xet" in transfers and call.hub.has_xet:
        found: list[dict[str, Any]] = [{"oid": text(one, "oid"), "size": size(one)} for one in asked]
        return JSONResponse({"transfer": "xet", "objects": found}, media_type=_MEDIA)
    found = [_upload(call, one, may_split="multipart" in transfers) for one in asked]
    transfer = "multipart" if any(_is_split(one) for one in found) else "basic"
    return JSONResponse({"transfer": transfer, "objects": found}, media_type=_MEDIA)


def verify(call: Call) -> Response:
    """Is the object here, with that size?"""
    call.open_to(is_proposal=True)
    words = call.json()
    if call.hub.contents.size(text(words, "oid")) != size(words):
        raise Refusal(404, f"{words.get('oid')} of {words.get('size')} bytes was not uploaded")
    return JSONResponse({"oid": words["oid"], "size": words["size"]})


def duplicate(call: Call) -> Response:
    """May the large files of this repository be named in another? They lie in one heap already."""
    purged = call.with_files().settings.purged
    words = call.json()
    target = an_object_in(words, "target")
    call.find_own(f"{text(target, 'type') or 'model'}s", text(target, "name"))
    wanted = [text(one, "sha256") for one in objects(words, "files")]
    gone = [oid for oid in wanted if oid in purged or call.hub.contents.size(oid) is None]
    failed = [{"sha256": oid, "error": "not here"} for oid in gone]
    return JSONResponse({"failed": failed, "succeeded": len(wanted) - len(failed)})


def _upload(call: Call, one: dict[str, Any], *, may_split: bool) -> dict[str, Any]:
    oid, length = text(one, "oid"), size(one)
    answer: dict[str, Any] = {"oid": oid, "size": length}
    if call.hub.contents.size(oid) == length:
        return answer
    if may_split and length > MULTIPART_ABOVE:
        upload = _split(call, oid, length)
    else:
        upload = {"href": call.hub.on_cdn(f"/upload/{oid}", size=length)}
    repository = call.repository()
    page = f"{call.hub.addresses.hub}/{repository.page}.git/info/lfs/objects/verify"
    return {**answer, "authenticated": True, "actions": {"upload": upload, "verify": {"href": page}}}


def _split(call: Call, oid: str, length: int) -> dict[str, Any]:
    """One address per part, and one that puts the parts together."""
    name, count = secrets.token_hex(16), -(-length // PART)
    parts = {str(number): call.hub.on_cdn(f"/part/{name}/{number}") for number in range(1, count + 1)}
    complete = call.hub.on_cdn(f"/complete/{name}", oid=oid, size=length, count=count)
    return {"href": complete, "header": {"chunk_size": str(PART), **parts}}


def _is_split(answer: dict[str, Any]) -> bool:
    return "header" in answer.get("actions", {}).get("upload", {})


OPERATIONS = (
    *on_page("POST", ".git/info/lfs/objects/batch", batch),
    *on_page("POST", ".git/info/lfs/objects/verify", verify),
    *on_repository("POST", "/lfs-files/duplicate", duplicate),
)

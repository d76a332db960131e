"""What lets a client talk to the content-addressed store: a token for an hour."""

from starlette.responses import JSONResponse, Response

from ..call import Call
from ..history import PULLS
from ..refusals import Refusal
from ..routing import on_repository


def read(call: Call) -> Response:
    """A token that reads."""
    repository = call.with_files()
    repository.history.resolve(call.names["revision"])
    return _given(call, may_write=False)


def write(call: Call) -> Response:
    """A token that also writes."""
    is_new = call.asks("create_pr")  # the client may then call the revision `None`
    repository = call.open_to(is_proposal=is_new or call.names["revision"].startswith(PULLS))
    if not is_new:
        repository.history.resolve(call.names["revision"])
    return _given(call, may_write=True)


def _given(call: Call, *, may_write: bool) -> Response:
    if not call.hub.has_xet:
        raise Refusal(404, "this Hub was started without xet")
    token, permit = call.hub.permits.give(call.caller.name if call.caller else None, may_write=may_write)
    cas = call.hub.addresses.cas
    headers = {"X-Xet-Cas-Url": cas, "X-Xet-Access-Token": token, "X-Xet-Token-Expiration": str(permit.expires)}
    return JSONResponse({"casUrl": cas, "accessToken": token, "exp": permit.expires}, headers=headers)


OPERATIONS = (
    *on_repository("GET", "/xet-read-token/{revision}", read),
    *on_repository("GET", "/xet-write-token/{revision}", write),
)

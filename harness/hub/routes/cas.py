"""The content-addressed store of xet: xorbs and shards come in, reconstructions go out."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..hub import Hub
from ..log import RECORD
from ..refusals import Refusal
from ..routing import refused
from ..sending import span
from ..xet import reconstruction

Answer: TypeAlias = Callable[[Hub, Request, bytes], Response]


def add_xorb(hub: Hub, request: Request, body: bytes) -> Response:
    """Keep a xorb."""
    return JSONResponse({"was_inserted": hub.xet.add_xorb(request.path_params["hash"], body)})


def add_shard(hub: Hub, request: Request, body: bytes) -> Response:
    """Put files together."""
    hub.xet.add_shard(body)
    return JSONResponse({"result": 1})


def reconstruct(hub: Hub, request: Request, body: bytes) -> Response:
    """How to make a file, or a range of it, from xorbs on the CDN."""
    file = request.path_params["hash"]
    size = sum(segment.size for segment in hub.xet.segments(file))
    try:
        start, end = span(request.headers.get("range"), size) or (0, size)
    except ValueError:
        raise Refusal(416, f"the file has {size} bytes") from None
    return JSONResponse(reconstruction(hub.xet, file, (start, end), lambda xorb: hub.on_cdn(f"/xorb/{xorb}")))


def not_offered(hub: Hub, request: Request, body: bytes) -> Response:
    """What the client can do without: deduplication across repositories, grants, second versions."""
    raise Refusal(404, "not offered here")


def telemetry(hub: Hub, request: Request, body: bytes) -> Response:
    """Taken and forgotten; it comes without a token."""
    return Response()


# Method, path, answer, and whether the xet token must allow writing; None: no token is asked for.
OPERATIONS: tuple[tuple[str, str, Answer, bool | None], ...] = (
    ("GET", "/v1/chunks/{prefix}/{hash}", not_offered, False),
    ("POST", "/v1/xorb-grants/{prefix}/{hash}", not_offered, True),
    ("POST", "/v1/xorbs/{prefix}/{hash}", add_xorb, True),
    ("POST", "/v2/shards", not_offered, True),
    ("POST", "/v1/shards", add_shard, True),
    ("GET", "/v2/reconstructions/{hash}", not_offered, False),
    ("GET", "/v1/reconstructions/{hash}", reconstruct, False),
    ("POST", "/v1/telemetry", telemetry, None),
)


def endpoint(hub: Hub, answer: Answer, may_write: bool | None) -> Callable[[Request], Awaitable[Response]]:
    """The answer, for whoever has the permit that it needs."""

    def answered(request: Request, body: bytes) -> Response:
        try:
            if may_write is not None:
                permit = hub.permits.of(request.headers.get("authorization"))
                if permit is None or (may_write and not permit.may_write):
                    raise Refusal(401, "no valid xet token, or one that only reads")
                request.scope[RECORD].user = permit.user
            return answer(hub, request, body)
        except Refusal as refusal:
            return refused(refusal)

    async def made(request: Request) -> Response:
        return await run_in_threadpool(answered, request, await request.body())

    return made

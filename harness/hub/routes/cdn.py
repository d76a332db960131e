"""The CDN, another host name and another port: whoever has a signed address, and no token."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from ..hub import Hub
from ..refusals import Refusal, bad
from ..routing import refused
from ..words import an_object, objects

Answer: TypeAlias = Callable[[Hub, Request], Awaitable[Response]]


async def large_file(hub: Hub, request: Request) -> Response:
    """A file by its sha256."""
    sha256 = request.path_params["sha256"]
    if hub.contents.size(sha256) is None:
        raise Refusal(404, f"{sha256} is not here")
    return FileResponse(
        hub.contents.path(sha256), media_type="application/octet-stream", headers={"ETag": f'"{sha256}"'}
    )


async def xorb(hub: Hub, request: Request) -> Response:
    """A range of a xorb."""
    return FileResponse(hub.xet.xorb(request.path_params["xorb"]), media_type="application/octet-stream")


async def upload(hub: Hub, request: Request) -> Response:
    """A large file in one piece."""
    sha256 = request.path_params["sha256"]
    await hub.contents.receive(request.stream(), sha256, int(request.query_params["size"]))
    return Response(headers={"ETag": f'"{sha256}"'})


async def part(hub: Hub, request: Request) -> Response:
    """A part of a large file."""
    number = int(request.path_params["number"])
    etag = await hub.contents.receive_part(request.stream(), request.path_params["upload"], number)
    return Response(headers={"ETag": f'"{etag}"'})


async def complete(hub: Hub, request: Request) -> Response:
    """All parts are here: put them together."""
    words, query = an_object(await request.body(), "the body"), request.query_params
    said = {one.get("partNumber") for one in objects(words, "parts")}
    count = int(query["count"])
    if said != set(range(1, count + 1)):
        raise bad(f"the parts are not 1 to {count}")
    upload, size = request.path_params["upload"], int(query["size"])
    await run_in_threadpool(hub.contents.join, upload, count, query["oid"], size)
    return JSONResponse({"success": True})


def route(method: str, path: str, answer: Answer) -> Callable[[Hub], Route]:
    """A route whose address must be signed, and whose caller must not show a token."""

    def made(hub: Hub) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                if "authorization" in request.headers:
                    raise bad("a token was sent to the CDN: the client must not")
                hub.signer.check(request.url.path, request.query_params)
                return await answer(hub, request)
            except Refusal as refusal:
                return refused(refusal)

        return Route(path, endpoint, methods=[method])

    return made


ROUTES = (
    route("GET", "/lfs/{sha256}", large_file),
    route("GET", "/xorb/{xorb}", xorb),
    route("PUT", "/upload/{sha256}", upload),
    route("PUT", "/part/{upload}/{number:int}", part),
    route("POST", "/complete/{upload}", complete),
)

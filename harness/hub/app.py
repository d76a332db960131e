"""Three origins on three ports: the Hub, its CDN, and the content-addressed store of xet."""

from collections.abc import Mapping

from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from . import routes
from .faults import CONNECTION, Faulty
from .hub import Hub
from .log import Logged
from .routes.cas import endpoint
from .routing import application, undecoded, unknown


def origins(hub: Hub) -> dict[str, ASGIApp]:
    """Name -> application, logged, and faulty on order."""
    cas = [Route(path, endpoint(hub, answer, may), methods=[method]) for method, path, answer, may in routes.CAS]
    cdn = [made(hub) for made in routes.CDN]
    bare = {
        "hub": application(hub, routes.HUB),
        "cdn": undecoded(Router(cdn, redirect_slashes=False, default=unknown)),
        "cas": undecoded(Router(cas, redirect_slashes=False, default=unknown)),
    }
    return {name: Logged(Faulty(one, hub.faults, name), hub.log, name) for name, one in bare.items()}


class ByPort:
    """Each port's application."""

    def __init__(self, applications: Mapping[int, ASGIApp]) -> None:
        self._applications = applications

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request to the application of the port that it came to."""
        # A fault cuts the connection, for which ASGI has no word: uvicorn's `receive` knows its transport.
        scope[CONNECTION] = receive.__self__.transport  # type: ignore[attr-defined]
        await self._applications[scope["server"][1]](scope, receive, send)

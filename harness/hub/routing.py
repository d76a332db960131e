"""From a request to the function that answers it: percent-encoded slashes stay inside one part of the path."""

import traceback
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Match, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from .call import Call
from .hub import Hub
from .log import RECORD
from .refusals import Moved, Refusal
from .repository import KINDS

Handler: TypeAlias = Callable[[Call], Response]


class _Kind(Convertor[str]):
    """The word for a kind of repository: `models`, `datasets`, ..."""

    regex = "|".join(KINDS)

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("kind", _Kind())


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method, a path with {names}, and who answers."""

    method: str
    path: str
    answer: Handler


def operation(method: str, path: str, answer: Handler) -> tuple[Operation, ...]:
    """A path as it is."""
    return (Operation(method=method, path=path, answer=answer),)


def on_repository(method: str, suffix: str, answer: Handler) -> tuple[Operation, ...]:
    """`/api/KIND/ID` and a suffix; an id may lack its namespace, and is then of no repository here."""
    paths = (f"/api/{{kind:kind}}/{{namespace}}/{{name}}{suffix}", f"/api/{{kind:kind}}/{{name}}{suffix}")
    return tuple(Operation(method=method, path=path, answer=answer) for path in paths)


def on_page(method: str, suffix: str, answer: Handler) -> tuple[Operation, ...]:
    """The address of a repository's page and a suffix: models have no word before their id."""
    ids = ("/{namespace}/{name}", "/{kind:kind}/{namespace}/{name}", "/{name}")
    return tuple(Operation(method=method, path=f"{one}{suffix}", answer=answer) for one in ids)


class _Exactly(Route):
    """A route that knows nothing of a path with another method."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child = super().matches(scope)
        return (match, child) if match is Match.FULL else (Match.NONE, {})


def application(hub: Hub, operations: Iterable[Operation]) -> ASGIApp:
    """The operations as one application; any other path is refused with 501."""
    routes = [_Exactly(one.path, _endpoint(hub, one.answer), methods=[one.method]) for one in operations]
    return undecoded(Router(routes, redirect_slashes=False, default=unknown))


async def unknown(scope: Scope, receive: Receive, send: Send) -> None:
    """501: a route of the real Hub that is not imitated, or a client's mistake; either must be seen."""
    message = f"samedevice's Hub has no {scope['method']} {scope['path']}"
    response = JSONResponse({"error": message}, 501, headers={"X-Error-Code": "NotImplemented"})
    await response(scope, receive, send)


def undecoded(application: ASGIApp) -> ASGIApp:
    """Let the application see the path as it was sent: `refs%2Fpr%2F1` is one word."""

    async def passed(scope: Scope, receive: Receive, send: Send) -> None:
        await application({**scope, "path": scope["raw_path"].decode("latin-1")}, receive, send)

    return passed


def _endpoint(hub: Hub, answer: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        return await run_in_threadpool(answered, hub, request, body, answer)

    return endpoint


def answered(hub: Hub, request: Request, body: bytes, answer: Handler) -> Response:
    """What the handler says, its refusals included."""
    names = {name: unquote(part) for name, part in request.path_params.items()}
    try:
        caller = hub.accounts.caller(request.headers.get("authorization"))
        request.scope[RECORD].user = caller.name if caller else None
        return answer(Call(hub=hub, request=request, names=names, body=body, caller=caller))
    except Refusal as refusal:
        return refused(refusal)
    except Moved as moved:
        return RedirectResponse(moved.location, 307)
    except Exception as error:
        # A defect of ours: the client is told, and whoever started the server sees where.
        traceback.print_exc()
        return JSONResponse({"error": f"samedevice's Hub broke: {type(error).__name__}: {error}"}, 500)


def refused(refusal: Refusal) -> Response:
    """The answer that says no."""
    return JSONResponse(refusal.body, refusal.status, headers=refusal.headers)

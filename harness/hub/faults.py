"""Faults on order: what a test wants to go wrong, and where."""

import asyncio
import os
import re
import threading
from dataclasses import asdict, dataclass, fields
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .refusals import bad

# What the server exits with when a fault kills it.
KILLED = 70


class Cut(Exception):
    """The connection was cut on order."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """What goes wrong with the next `times` requests that match.

    Exactly one of: `answer` (a status), `cut_received` (the connection is cut after so many bytes of the request's
    body), `cut_sent` (after so many bytes of the answer's), `die` (the server is gone, after so many bytes received).
    `delay` (seconds, before anything else) goes with any of them, or alone.
    """

    path: str = ""
    method: str = ""
    origin: str = ""
    times: int = 1
    answer: int | None = None
    cut_received: int | None = None
    cut_sent: int | None = None
    die: int | None = None
    delay: float = 0.0

    def matches(self, origin: str, method: str, path: str) -> bool:
        """True for a request that it is meant for; `path` is searched as a regular expression."""
        fits = self.origin in ("", origin) and self.method in ("", method)
        return self.times > 0 and fits and re.search(self.path, path) is not None


_TYPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("path", "method", "origin"), (str,)),
    **dict.fromkeys(("times", "answer", "cut_received", "cut_sent", "die"), (int,)),
    "delay": (int, float),
}


class Faults:
    """The faults that are still to come, first come, first served."""

    def __init__(self) -> None:
        self._coming: list[Fault] = []
        self._lock = threading.Lock()

    def order(self, words: Any) -> None:
        """Add one; refused where it says nothing that we know."""
        known = {one.name for one in fields(Fault)}
        if not isinstance(words, dict) or not words.keys() <= known:
            raise bad(f"a fault is an object of {', '.join(sorted(known))}")
        if not all(isinstance(words[name], kind) for name, kind in _TYPES.items() if name in words):
            raise bad("path, method and origin of a fault are text, delay is seconds, the others are whole numbers")
        fault = Fault(**words)
        chosen = [fault.answer, fault.cut_received, fault.cut_sent, fault.die]
        if sum(one is not None for one in chosen) > 1 or not (fault.delay or any(one is not None for one in chosen)):
            raise bad("a fault is one of answer, cut_received, cut_sent and die, or a delay")
        if fault.answer is not None and not 200 <= fault.answer <= 599:
            raise bad(f"{fault.answer} is no status to answer with")
        try:
            re.compile(fault.path)
        except re.error as error:
            raise bad(f"{fault.path!r} is not a regular expression: {error}") from None
        with self._lock:
            self._coming.append(fault)

    def clear(self) -> None:
        """Forget them all."""
        with self._lock:
            self._coming.clear()

    def coming(self) -> list[dict[str, Any]]:
        """Those that have not happened yet."""
        with self._lock:
            return [asdict(fault) for fault in self._coming]

    def take(self, origin: str, method: str, path: str) -> Fault | None:
        """The fault of a request, once."""
        with self._lock:
            for fault in self._coming:
                if fault.matches(origin, method, path):
                    fault.times -= 1
                    if fault.times == 0:
                        self._coming.remove(fault)
                    return fault
        return None


class Faulty:
    """An application that goes wrong on order."""

    def __init__(self, application: ASGIApp, faults: Faults, origin: str) -> None:
        self._application, self._faults, self._origin = application, faults, origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, unless a fault was ordered for it."""
        path = scope["raw_path"].decode("latin-1")
        fault = None if path.startswith(ADMIN) else self._faults.take(self._origin, scope["method"], path)
        if fault is None:
            return await self._application(scope, receive, send)
        await asyncio.sleep(fault.delay)
        if fault.answer is not None:
            message = f"a fault was ordered: {fault.answer}"
            return await JSONResponse({"error": message}, fault.answer)(scope, receive, send)
        if fault.die == 0:
            os._exit(KILLED)
        line = Line(fault, scope)
        await self._application(scope, line.receiving(receive), line.sending(send))


ADMIN = "/_samedevice/"


class Line:
    """The connection of one request that will be cut, or whose server will die."""

    def __init__(self, fault: Fault, scope: Scope) -> None:
        self._fault, self._scope = fault, scope
        self._received = self._sent = 0

    def receiving(self, receive: Receive) -> Receive:
        """`receive` that goes wrong after the ordered number of bytes."""

        async def receiving() -> Message:
            message = await receive()
            self._received += len(message.get("body", b""))
            if self._fault.die is not None and self._received >= self._fault.die:
                os._exit(KILLED)
            if self._fault.cut_received is not None and self._received >= self._fault.cut_received:
                self._cut()
            return message

        return receiving

    def sending(self, send: Send) -> Send:
        """`send` that goes wrong after the ordered number of bytes."""

        async def sending(message: Message) -> None:
            left = None if self._fault.cut_sent is None else self._fault.cut_sent - self._sent
            body = message.get("body", b"")
            if left is None or message["type"] != "http.response.body" or len(body) < left:
                self._sent += len(body)
                return await send(message)
            await send({**message, "body": body[:left], "more_body": True})
            await asyncio.sleep(0.05)  # the bytes so far are on their way before the connection goes
            self._cut()

        return sending

    def _cut(self) -> None:
        self._scope[CONNECTION].abort()
        raise Cut


# Where a request carries its connection's transport.
CONNECTION = "samedevice.connection"

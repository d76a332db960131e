"""The log: one line of JSON per answered request, written before the answer's last byte goes out."""

import json
import threading
import time
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Where a request carries its record, for the code that learns who asks.
RECORD = "samedevice.record"


@dataclass(slots=True, kw_only=True)
class Record:
    """One request and its answer; `sent` counts the bytes of the body, `origin` is hub, cdn or cas."""

    id: str
    time: float
    origin: str
    method: str
    path: str
    query: str
    user: str | None = None
    status: int | None = None
    code: str | None = None
    received: int = 0
    sent: int = 0
    is_cut: bool = False


class Log:
    """A file of lines; whoever has an answer in hand finds its line there."""

    def __init__(self, file: Path) -> None:
        self._opened: TextIO = file.open("a", encoding="utf-8")
        self._lock = threading.Lock()

    def add(self, record: Record) -> None:
        """Write the line."""
        line = json.dumps(asdict(record))
        with self._lock:
            self._opened.write(line + "\n")
            self._opened.flush()

    def close(self) -> None:
        """Let go of the file."""
        self._opened.close()


class Logged:
    """An application whose requests are logged."""

    def __init__(self, application: ASGIApp, log: Log, origin: str) -> None:
        self._application, self._log, self._origin = application, log, origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, count what goes by."""
        record = Record(
            id=str(uuid.uuid4()),
            time=time.time(),
            origin=self._origin,
            method=scope["method"],
            path=scope["raw_path"].decode("latin-1"),
            query=scope["query_string"].decode("latin-1"),
        )
        scope[RECORD] = record
        start: Message | None = None  # waits for the body, so that who has an answer without one finds its line too
        length = float("inf")
        is_written = False

        async def counted() -> Message:
            message = await receive()
            record.received += len(message.get("body", b""))
            return message

        async def noted(message: Message) -> None:
            nonlocal start, length, is_written
            if message["type"] == "http.response.start":
                headers = dict(message["headers"])
                record.status = message["status"]
                record.code = headers.get(b"x-error-code", b"").decode() or None
                length = float(headers.get(b"content-length", length))
                start = {**message, "headers": [*message["headers"], (b"x-request-id", record.id.encode())]}
                return
            record.sent += 0 if record.method == "HEAD" else len(message.get("body", b""))
            is_last = not message.get("more_body") or record.sent >= length
            if is_last and not is_written:
                self._log.add(record)
                is_written = True
            if start is not None:
                begun, start = start, None
                await send(begun)
            await send(message)

        try:
            await self._application(scope, counted, noted)
        finally:
            if not is_written:
                record.is_cut = True
                self._log.add(record)

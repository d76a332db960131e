"""The server's life: it listens, says so in one line, and ends when whoever started it is gone."""

import contextlib
import json
import os
import shutil
import signal
import socket
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from ..errors import UsageError
from .app import ByPort, origins
from .hub import Addresses, Hub

_LOOPBACK = "127.0.0.1"
_BACKLOG = 2048
_LOOK = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line says; without a store it is a temporary folder, and without a log it is in the store."""

    port: int = 0
    store: Path | None = None
    log: Path | None = None
    has_xet: bool = True


def serve(options: Options) -> None:
    """Serve until standard input ends, the parent is gone, or a signal comes."""
    signal.signal(signal.SIGTERM, _leave)
    with _store(options.store) as store, _claimed(store), _sockets(options.port) as sockets:
        ports = [one.getsockname()[1] for one in sockets]
        names = (_LOOPBACK, "localhost", _LOOPBACK)
        hub_at, cdn_at, cas_at = (f"http://{name}:{port}" for name, port in zip(names, ports, strict=True))
        log = options.log or store / "log.jsonl"
        hub = _opened(store, log, Addresses(hub=hub_at, cdn=cdn_at, cas=cas_at), has_xet=options.has_xet)
        applications = dict(zip(ports, origins(hub).values(), strict=True))
        config = uvicorn.Config(
            ByPort(applications),
            http="h11",
            loop="asyncio",
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=60,
        )
        server = _Announced(config, _line(hub, store, log))
        _watch(server)
        server.run(sockets)
        hub.log.close()


def _opened(store: Path, log: Path, addresses: Addresses, *, has_xet: bool) -> Hub:
    try:
        return Hub.open(store, log, addresses, has_xet=has_xet)
    except OSError as error:
        raise UsageError(f"cannot write {error.filename}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{store} is not a Hub's store: {type(error).__name__}: {error}") from None


class _Announced(uvicorn.Server):
    """A server that says when it can be asked."""

    def __init__(self, config: uvicorn.Config, line: str) -> None:
        super().__init__(config)
        self._line = line

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(self._line, flush=True)


def _line(hub: Hub, store: Path, log: Path) -> str:
    return json.dumps(
        {
            "endpoint": hub.addresses.hub,
            "cdn": hub.addresses.cdn,
            "cas": hub.addresses.cas,
            "store": str(store),
            "log": str(log),
            "pid": os.getpid(),
            "users": hub.accounts.tokens,
        }
    )


@contextlib.contextmanager
def _store(folder: Path | None) -> Iterator[Path]:
    """The folder that was given, or one that goes when the server does."""
    if folder is None:
        made = Path(tempfile.mkdtemp(prefix="samedevice-hub-"))
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot keep a Hub in {folder}: {error.strerror}") from None
    yield folder.absolute()


@contextlib.contextmanager
def _claimed(store: Path) -> Iterator[None]:
    """Keep a second server away from the store, where the system has locks."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (store / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UsageError(f"another Hub serves {store}") from None
        yield


@contextlib.contextmanager
def _sockets(port: int) -> Iterator[list[socket.socket]]:
    """Three listening sockets of this machine alone: the Hub's has the port that was asked for."""
    with contextlib.ExitStack() as stack:
        made = []
        for wanted in (port, 0, 0):
            one = stack.enter_context(socket.socket())
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind((_LOOPBACK, wanted))
            except (OSError, OverflowError) as error:
                raise UsageError(f"cannot listen on port {wanted}: {getattr(error, 'strerror', error)}") from None
            one.listen(_BACKLOG)
            made.append(one)
        yield made


def _watch(server: uvicorn.Server) -> None:
    """End the server when its standard input ends or its parent is another."""
    parent = os.getppid()

    def until_orphan() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK)
        server.should_exit = True

    def until_silence() -> None:
        while sys.stdin.buffer.read(1 << 16):
            pass
        server.should_exit = True

    threading.Thread(target=until_orphan, daemon=True).start()
    if _is_pipe():
        threading.Thread(target=until_silence, daemon=True).start()


def _is_pipe() -> bool:
    """False for a terminal, whose reader could not be in the background, and for /dev/null, which has always ended."""
    try:
        return not stat.S_ISCHR(os.fstat(0).st_mode)
    except OSError:
        return False


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)

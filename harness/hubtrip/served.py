"""Served: a local Hub of our own in another process, which ends when this one does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, Queue
from tempfile import mkdtemp
from threading import Thread
from typing import IO, Any

from ..errors import NotChecked

# Seconds: a start takes a quarter of one, on a busy machine some.
PATIENCE = 30.0

# What the extra `samedevice[hub]` brings, by the names of its modules.
NEEDED = ("dulwich", "lz4", "starlette", "uvicorn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A local Hub. `users` has the tokens: `users["alice"]["write"]`; `log` is its file of answered requests."""

    endpoint: str
    cdn: str
    log: Path
    users: Mapping[str, Mapping[str, str]]
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        """The port of the endpoint, by which it can be served again after a stop."""
        return int(self.endpoint.rpartition(":")[2])

    def stop(self) -> None:
        """End the process by closing its standard input; its folder goes too."""
        end(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)


def missing() -> str | None:
    """Why no local Hub can be served here; None where it can."""
    absent = [name for name in NEEDED if find_spec(name) is None]
    if not absent:
        return None
    return f"the local Hub needs {', '.join(absent)}: pip install 'samedevice[hub]'"


def serve(options: Sequence[str] = (), folder: Path | None = None) -> Served:
    """Start a local Hub with an empty store, or with the one in `folder`, and wait until it is ready.

    `options` are more words for `samedevice hub serve`. Raises `NotChecked` where the extra is missing, and where the
    server does not come up.
    """
    absent = missing()
    if absent is not None:
        raise NotChecked(absent)
    home = Path(mkdtemp(prefix="samedevice-hub-")) if folder is None else folder
    words = ["--store", str(home / "store"), "--log", str(home / "log.jsonl"), *options]
    process = piped(
        [sys.executable, "-W", "ignore", "-m", "samedevice", "hub", "serve", *words],
        os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        home / "stderr",
    )
    assert process.stdout is not None
    told = first_line(process.stdout, PATIENCE)
    if not told:
        end(process)
        said = (home / "stderr").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise NotChecked(f"the local Hub did not start: {said[-1] if said else 'it said nothing'}")
    return announced(json.loads(told), home, process)


def piped(words: Sequence[str], environment: Mapping[str, str], errors: Path) -> subprocess.Popen[bytes]:
    """Start a process that hears and is heard by pipes; Ctrl-C does not reach it, for it may have to clean up."""
    with errors.open("wb") as stderr:
        return subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=environment,
            start_new_session=True,
        )


def announced(told: Mapping[str, Any], folder: Path, process: subprocess.Popen[bytes]) -> Served:
    """The Hub of the line that the server printed."""
    return Served(
        endpoint=told["endpoint"],
        cdn=told["cdn"],
        log=Path(told["log"]),
        users=told["users"],
        folder=folder,
        process=process,
    )


def first_line(stream: IO[bytes], seconds: float) -> bytes | None:
    """The first line of a stream, empty where the stream ends without one; None where none comes in time."""
    lines: Queue[bytes] = Queue()
    Thread(target=lambda: lines.put(stream.readline()), daemon=True).start()
    try:
        return lines.get(timeout=seconds).strip()
    except Empty:
        return None


def end(process: subprocess.Popen[bytes], patience: float = 5.0) -> None:
    """Close what a process reads, wait for it to leave, and end it where it does not."""
    if process.stdin is not None:
        with suppress(BrokenPipeError):
            process.stdin.close()
    try:
        process.wait(timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()

"""A fresh interpreter: one of our modules run in it, with its own hash seed, a time limit and bounded output."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import deque
from contextlib import suppress
from threading import Thread
from typing import IO

# Seconds: importing the libraries and building a large model takes a while on a busy machine.
PATIENCE = 300.0
_KEPT = 16_384


class Ended(Exception):
    """The process did not do its work; the message says how it ended, with the last line that it wrote."""


class TimedOut(Ended):
    """It was still at work when its time was over."""


def run(module: str, arguments: list[str], *, hash_seed: int, patience: float = PATIENCE) -> None:
    """Run `python -m module arguments` in this working directory, with this `sys.path`. Raises `Ended`.

    What it prints goes nowhere but for the end of its standard error. Whatever it started ends with it.
    """
    environment = os.environ | {
        "PYTHONHASHSEED": str(hash_seed),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", module, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    assert process.stderr is not None
    kept: deque[bytes] = deque(maxlen=8)
    listener = Thread(target=_listen, args=(process.stderr, kept), daemon=True)
    listener.start()
    try:
        code = process.wait(timeout=patience)
    except subprocess.TimeoutExpired:
        raise TimedOut(f"a fresh process was not done after {patience:g} seconds") from None
    finally:
        _end(process)
    listener.join(timeout=5)
    if code:
        how = f"signal {-code}" if code < 0 else f"exit status {code}"
        last = _last_line(b"".join(kept))
        raise Ended(f"a fresh process ended with {how}{': ' if last else ''}{last}")


def _listen(stream: IO[bytes], kept: deque[bytes]) -> None:
    with stream:
        while chunk := stream.read(_KEPT // 8):
            kept.append(chunk)


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):  # nobody is left
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_line(text: bytes) -> str:
    lines = [line.strip() for line in text.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1][:500] if lines else ""

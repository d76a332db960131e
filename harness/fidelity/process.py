"""The other end of the line: a worker's process, asked and listened to, and given up when it is silent."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from queue import Empty, Queue
from threading import Thread
from typing import Any

from .. import __name__ as HARNESS

# Seconds without a word after which a worker counts as hung.
# A first call may import PyTorch's tests, or compile a kernel.
PATIENCE = 180.0


class Ended(Exception):
    """The process ended, or was ended because it hung; the message says how."""


class Worker:
    """A running worker for one device word."""

    def __init__(self, word: str, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"{HARNESS}.fidelity.worker", word],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            # Samples must be the same everywhere, also where PyTorch iterates over a set.
            env=os.environ | {"PYTHONHASHSEED": "0"},
            start_new_session=True,  # Ctrl-C is for the one who asks
        )
        self._lines: Queue[str] = Queue()
        Thread(target=self._listen, daemon=True).start()

    def ask(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Send a request and give its replies, the last of which has `end`. Raises `Ended`."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise Ended(self._how()) from error
        while True:
            reply = self._reply()
            yield reply
            if "end" in reply:
                return

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            try:
                self._process.stdin.close()
            except BrokenPipeError:
                return  # what was left to say has no reader any more

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._lines.put(line)
        self._lines.put("")

    def _reply(self) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=self._patience)
        except Empty:
            self._process.kill()
            raise Ended(f"no answer within {self._patience:g} seconds") from None
        if not line.endswith("\n"):
            raise Ended(self._how())
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _how(self) -> str:
        code = self._process.wait()
        return f"the process ended with signal {-code}" if code < 0 else f"the process ended with exit status {code}"

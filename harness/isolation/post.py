"""A post: the parent's end of the line to one warden, which is started again where a target brought it down."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

from ..plan import Cell
from ..result import Result
from ..wire import from_line
from . import __name__ as HERE
from .blocks import home
from .ending import died
from .limits import Limits
from .order import order_of
from .runner import broken

# Seconds after a cell's time is over in which its warden must have said so.
PATIENCE = 60.0


class Post:
    """One warden, and the cell that it has been asked about."""

    def __init__(self, limits: Limits, suites: Iterable[str]) -> None:
        self._limits = limits
        self._suites = tuple(suites)
        self._asked: Cell | None = None
        self._since = 0.0
        self._last: object = None
        self._start()

    def _start(self) -> None:
        ours, its = socket.socketpair()
        with its:
            self._process = subprocess.Popen(
                # -P: a file of the working directory must not take the place of a module of ours.
                [sys.executable, "-P", "-m", f"{HERE}.warden", str(its.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr.fileno() if _is_open(sys.stderr) else subprocess.DEVNULL,
                pass_fds=[its.fileno()],
                start_new_session=True,  # Ctrl-C is for the one who asks
            )
        self.line = Connection(ours.detach())
        self._is_ready = False
        self._last = None
        self._send({"path": sys.path, "suites": self._suites, "limits": asdict(self._limits)})

    def ask(self, cell: Cell) -> None:
        """Ask for the result of a cell. What has another `home` than the last one gets a new process."""
        key = home(cell)
        self._asked, self._since = cell, monotonic()
        self._send({"order": asdict(order_of(cell)), "is_new": key != self._last})
        self._last = key

    def hear(self) -> tuple[Result | None, str] | None:
        """The result, None where there is none, with what the cell printed; None alone where there is no answer yet.

        Raises `RuntimeError` where the warden does not even start.
        """
        try:
            said = json.loads(self.line.recv_bytes())
        except (EOFError, OSError):
            return self._lost(), ""
        if not self._is_ready:
            self._is_ready = True
            self._since = monotonic()
            return None
        self._asked = None
        return (None if said["result"] is None else from_line(said["result"])), said["output"]

    def hasten(self) -> None:
        """End a warden that is long overdue, so that `hear` has something to tell."""
        if self._asked is not None and monotonic() - self._since > self._limits.timeout + PATIENCE:
            self._process.kill()

    def close(self) -> None:
        """End the warden; its runner goes with it."""
        self.line.close()
        if not self._is_ready:
            self._process.kill()  # it is importing, and would not notice until it is done
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _lost(self) -> Result:
        """What to say of the cell that was asked; a new warden stands in its place."""
        self.line.close()
        code = self._process.wait()
        if not self._is_ready or self._asked is None:
            raise RuntimeError(f"a worker does not start: {died(code)}")
        cell, self._asked = self._asked, None
        self._start()
        return broken(order_of(cell), f"the process that watches over the target's is gone: {died(code)}")

    def _send(self, message: dict[str, Any]) -> None:
        with suppress(OSError):  # it is gone, which `hear` will tell
            self.line.send_bytes(json.dumps(message).encode())


def _is_open(stream: Any) -> bool:
    try:
        os.fstat(stream.fileno())
    except (AttributeError, OSError, ValueError):
        return False
    return True

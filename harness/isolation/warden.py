"""The warden: a process that imports what is needed once, and starts a runner for each target and watches over it.

It runs no code of a target. Its parent sends one order at a time and gets one reply for each, as lines of JSON;
a new runner is started for a new target, and after one that crashed, hung or took too much.
"""

import gc
import json
import os
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from .. import catalog
from ..wire import to_line
from . import ending, watch
from .limits import Limits
from .order import members, order_from
from .runner import broken


def main(descriptor: int) -> None:
    """Serve the parent at the other end of a descriptor until it closes it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = Connection(descriptor)
    hello = json.loads(parent.recv_bytes())
    sys.path[:] = hello["path"]
    limits = Limits(**hello["limits"])
    watch.adopt_orphans()
    _warm(hello["suites"])
    keeper = _Keeper(limits, parent)
    with suppress(EOFError, OSError):  # the parent is done, or gone
        parent.send_bytes(b"{}")
        while True:
            parent.send_bytes(json.dumps(keeper.reply(json.loads(parent.recv_bytes()))).encode())
    keeper.dismiss()
    os._exit(0)  # nothing is left to do, and taking torch down takes a while


class _Keeper:
    """Keeps one runner at a time."""

    def __init__(self, limits: Limits, parent: Connection) -> None:
        self._limits = limits
        self._parent = parent
        self._runner: watch.Runner | None = None

    def reply(self, request: dict[str, Any]) -> dict[str, Any]:
        """What came of an order: `result` as a line or null, and `output`, the end of what was printed.

        Raises `EOFError` where the parent is gone.
        """
        if request["is_new"]:
            self.dismiss()
        order = order_from(request["order"])
        if self._runner is None:
            self._runner = watch.start(self._limits, (self._parent.fileno(),))
        asked = json.dumps({"order": request["order"], "timeout": self._limits.timeout}).encode()
        try:
            line: str | None = watch.answer(self._runner, asked, self._limits, self._parent).decode() or None
        except watch.Gone as reason:
            output = self._runner.tail.text() + ending.stack(self._runner.stack.text())
            self.dismiss()
            line = to_line(broken(order, str(reason)))
        else:
            output = self._runner.tail.text()
        return {"result": line, "output": output}

    def dismiss(self) -> None:
        """End the runner, if there is one."""
        runner, self._runner = self._runner, None
        if runner is not None:
            watch.end(runner)


def _warm(suites: list[str]) -> None:
    """Import what runners will want, and make the targets of suites, so that forks of this process have them.

    What fails here is left to the runner, whose cell will say so.
    """
    if watch.is_forking():
        import torch
        import transformers.modeling_utils  # noqa: F401

        torch.set_num_threads(1)  # threads do not survive a fork, and their pool would wait for them
        with suppress(Exception):
            catalog.checks()
        for name in suites:
            with suppress(Exception):
                members(name)
        # A collection in a fork would touch, and so copy, all that it shares with this process.
        gc.collect()
        gc.freeze()


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""The runner: the process that the target's code runs in. It answers orders until its line goes dead, and is ended.

It trusts nothing that it hands on: an answer is a line of JSON, and a copy of itself that the target forked says none.
"""

import ctypes
import faulthandler
import json
import os
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

from ..blame import account
from ..engine import result_of
from ..result import Result, Status
from ..wire import to_line
from .order import Order, order_from

_PR_SET_PDEATHSIG = 1


def main(line: Connection, output: Connection, stacks: Connection, threads: int, inherited: Iterable[int] = ()) -> None:
    """Answer the orders that come on `line`; what is printed goes to `output`, and to `stacks` where it hung.

    `inherited` are the file descriptors of who forked this process, which the target must not have.
    """
    me = os.getpid()
    _settle(output, inherited)
    faulthandler.enable(file=stacks.fileno())
    import torch

    torch.set_num_threads(threads)
    while True:
        try:
            request = json.loads(line.recv_bytes())
        except (EOFError, OSError):
            break
        faulthandler.dump_traceback_later(request["timeout"], file=stacks.fileno())
        said = answer(order_from(request["order"]))
        faulthandler.cancel_dump_traceback_later()
        if os.getpid() != me:
            break
        for stream in (sys.stdout, sys.stderr):
            with suppress(Exception):  # the target's own stream perhaps, or a closed one: then nobody hears it
                stream.flush()
        line.send_bytes(said)
    # Not by way of the interpreter's end, which waits for threads and runs hooks that the target left.
    os._exit(0)


def _settle(output: Connection, inherited: Iterable[int]) -> None:
    """Make this process one that can be ended with all that it starts, and that prints to `output` alone."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, place in ((nothing, 0), (output.fileno(), 1), (output.fileno(), 2)):
        os.dup2(source, place)
    for descriptor in (nothing, *inherited):
        os.close(descriptor)
    output.close()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # none is left to watch over this process then
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")  # whom the kernel ends first when memory runs out


def answer(order: Order) -> bytes:
    """The result of a cell as a line, whatever it does; empty where the question does not arise."""
    started = perf_counter()
    try:
        # Whatever a target raises, `KeyboardInterrupt` of its own included: the user's goes to another process.
        result = result_of(order.cell(), breaks=(BaseException,))
        return b"" if result is None else to_line(result).encode()
    except BaseException as error:
        return to_line(broken(order, account(error), perf_counter() - started)).encode()


def broken(order: Order, reason: str, seconds: float = 0.0) -> Result:
    """The result of a cell that gave none itself."""
    return Result(
        target=order.target,
        device=order.device,
        check=order.check,
        suite=order.suite,
        status=Status.ERROR,
        reason=reason,
        seconds=seconds,
    )

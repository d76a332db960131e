"""Watching over a runner: an answer, or why there will be none. And its end, with all that it started."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any

import psutil

from . import ending, runner
from .limits import Limits

# Seconds between two looks at the memory.
LOOK = 0.25

# Seconds that a runner has for writing where it hangs.
GRACE = 0.3

# Bytes of what a cell printed that are kept: the last ones.
KEPT = 16_384

# Bytes: more than any answer has, less than would hurt.
LONGEST_ANSWER = 256 << 20

# A fork of this process has torch and the suites already. Elsewhere a process that has touched the system's graphics
# must not be forked; each target pays for its imports there.
_CONTEXT: Any = get_context("fork" if sys.platform == "linux" else "spawn")
_PR_SET_CHILD_SUBREAPER = 36


class Gone(Exception):
    """The runner is of no use any more; the message is the reason for the report."""


@dataclass(slots=True, kw_only=True)
class Tail:
    """The end of what a cell printed, and how many bytes went before it."""

    data: bytes = b""
    dropped: int = 0

    def add(self, more: bytes) -> None:
        """Take more bytes, and let go of the first."""
        whole = self.data + more
        self.data = whole[-KEPT:]
        self.dropped += len(whole) - len(self.data)

    def text(self) -> str:
        """What is kept, as text; it says how much is not."""
        said = self.data.decode("utf-8", "backslashreplace")
        return f"[{self.dropped} bytes more]\n{said}" if self.dropped else said


@dataclass(slots=True, kw_only=True)
class Runner:
    """A running runner, seen from the process that started it."""

    process: BaseProcess
    line: Connection
    output: Connection
    stacks: Connection
    tail: Tail = field(default_factory=Tail)
    stack: Tail = field(default_factory=Tail)


def is_forking() -> bool:
    """True where runners are forks of this process."""
    return sys.platform == "linux"


def start(limits: Limits, inherited: Iterable[int]) -> Runner:
    """Start a runner. Under fork it closes the descriptors `inherited`."""
    line, its_line = _CONTEXT.Pipe()
    output, its_output = _CONTEXT.Pipe(duplex=False)
    stacks, its_stacks = _CONTEXT.Pipe(duplex=False)
    forked = (*inherited, line.fileno(), output.fileno(), stacks.fileno()) if is_forking() else ()
    process = _CONTEXT.Process(target=runner.main, args=(its_line, its_output, its_stacks, limits.threads, forked))
    process.start()
    for connection in (its_line, its_output, its_stacks):
        connection.close()
    for connection in (output, stacks):
        os.set_blocking(connection.fileno(), False)
    return Runner(process=process, line=line, output=output, stacks=stacks)


def answer(found: Runner, request: bytes, limits: Limits, parent: Connection) -> bytes:
    """Send a request and wait for its answer. Raises `Gone`; `EOFError` where the parent is no more."""
    found.tail, found.stack = Tail(), Tail()
    with suppress(OSError):  # it is gone already, which the next lines tell
        found.line.send_bytes(request)
    deadline = monotonic() + limits.timeout + GRACE
    looked = monotonic()
    watched: list[Any] = [found.line, found.process.sentinel, parent, found.output]
    while True:
        left = deadline - monotonic()
        if left <= 0:
            listen(found)
            raise Gone(ending.hung(limits.timeout, found.tail.text(), found.stack.text()))
        ready = wait(watched, timeout=min(LOOK, left))
        if not listen(found) and found.output in watched:
            watched.remove(found.output)  # its end is always ready
        if found.line in ready:
            return _received(found)
        if found.process.sentinel in ready:
            raise _death(found)
        if parent in ready:
            raise EOFError
        if monotonic() - looked >= LOOK:
            looked = monotonic()
            if (held := _held(found, limits.memory)) > limits.memory:
                raise Gone(ending.swollen(held, limits.memory))


def listen(found: Runner) -> bool:
    """Take what the runner has printed, and its stacks; False where it will print no more."""
    _take(found.stacks, found.stack)
    return _take(found.output, found.tail)


def _take(source: Connection, kept: Tail) -> bool:
    with suppress(BlockingIOError):
        # At most so much at a time: a cell that never stops printing must not keep us from its deadline.
        for _ in range(16):
            more = os.read(source.fileno(), 1 << 16)
            if not more:
                return False
            kept.add(more)
    return True


def end(found: Runner) -> None:
    """End the runner with all that it started."""
    pid = found.process.pid
    assert pid is not None
    for _ in range(20):  # what forks faster than it is found is in the runner's group, which goes at once
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        found.process.kill()
        found.process.join()
        family = psutil.Process().children(recursive=True)  # orphans too: see `adopt_orphans`
        if not family:
            break
        for one in family:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(family, timeout=1)
    for connection in (found.line, found.output, found.stacks):
        connection.close()
    found.process.close()


def adopt_orphans() -> None:
    """Let what the runners' children leave behind become children of this process, so that `end` finds them."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _received(found: Runner) -> bytes:
    try:
        return found.line.recv_bytes(LONGEST_ANSWER)
    except (EOFError, OSError):
        raise _death(found) from None


def _death(found: Runner) -> Gone:
    found.process.join(GRACE)
    listen(found)
    return Gone(ending.died(found.process.exitcode, found.tail.text(), found.stack.text()))


def _held(found: Runner, allowed: int) -> int:
    """Bytes that the runner and its children hold; what they share is counted once where that decides."""
    with suppress(psutil.NoSuchProcess):
        top = psutil.Process(found.process.pid)
        family = (top, *top.children(recursive=True))
        held = _sum(family, lambda one: one.memory_info().rss)
        return held if held <= allowed else _sum(family, _own)
    return 0


def _own(one: psutil.Process) -> int:
    memory = one.memory_full_info()  # slow: the system goes through all pages for it
    return int(getattr(memory, "pss", memory.uss))


def _sum(family: Iterable[psutil.Process], held: Callable[[psutil.Process], int]) -> int:
    total = 0
    for one in family:
        with suppress(psutil.Error):  # it has ended meanwhile, or is another user's
            total += held(one)
    return total

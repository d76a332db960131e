"""Targets that do to their process what targets do, and worse. Each name of `ACTS` is one."""

import atexit
import builtins
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from functools import partial
from pathlib import Path

import torch
from torch import nn


class Hostile(nn.Module):
    def __init__(self, act):
        super().__init__()
        self.linear = nn.Linear(2, 2)
        self.act = act

    def forward(self, x):
        self.act()
        return self.linear(x)


def inputs():
    return {"x": torch.ones(1, 2)}


class Stop(BaseException):
    pass


class Mute(Exception):
    def __str__(self):
        raise RuntimeError("no words")

    __repr__ = __str__


class Unpicklable(Exception):
    def __reduce__(self):
        raise TypeError("not to be sent")


def _noted(pid):
    """Where the test looks for processes that should be gone."""
    with Path(os.environ["SAMEDEVICE_TEST_PIDS"]).open("a") as file:
        file.write(f"{pid}\n")


def _raise(error):
    raise error


def _children(count=20):
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            time.sleep(600)
        _noted(pid)


def _daemon():
    """A grandchild in a session of its own, whose parent is gone; it holds what this process has open."""
    if os.fork() == 0:
        os.setsid()
        pid = os.fork()
        if pid == 0:
            time.sleep(600)
        _noted(pid)
        os._exit(0)
    os.wait()


def _thread():
    threading.Thread(target=time.sleep, args=(600,)).start()


def _flood():
    block = b"x" * (1 << 20)
    for _ in range(64):
        os.write(1, block)
    os.write(2, b"\nthe end of the flood\n")


def _endless_flood():
    while True:
        os.write(1, b"y" * 65536)


def _hoard():
    held = [bytearray(50_000_000) for _ in range(20)]  # no more than a busy machine gives in a second or two
    time.sleep(600)
    return held


def _spin():
    while True:
        pass


def _blocked():
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, signal.NSIG))
    _spin()


def _deep():
    sys.setrecursionlimit(10**9)
    _deeper(None)


def _deeper(_):
    return sorted([0], key=_deeper)


def _endlessly():
    return _endlessly()


def _warn():
    warnings.simplefilter("error")
    warnings.warn("careful", stacklevel=1)


def _patch():
    nn.functional.linear = lambda *_: _raise(RuntimeError("patched"))


def _without_builtins():
    for name in ("open", "print"):
        setattr(builtins, name, None)


def _close_standard():
    os.close(1)
    os.close(2)


def _close_streams():
    sys.stdout.close()
    sys.stderr.close()


def _parents_group():
    os.killpg(os.getpgid(os.getppid()), signal.SIGKILL)
    time.sleep(600)


# What each target does in its forward.
ACTS = {
    "segfault": lambda: ctypes.string_at(0),
    "abort": os.abort,
    "infinite_loop": _spin,
    "sys_exit": lambda: sys.exit(3),
    "os_exit": lambda: (print("bye", flush=True), os._exit(7)),
    "hoard": _hoard,
    "impossible_allocation": lambda: torch.empty(1 << 60),
    "fork_returns": os.fork,
    "many_children": _children,
    "daemon": _daemon,
    "subprocess_left": lambda: _noted(subprocess.Popen(["sleep", "600"]).pid),
    "flood": _flood,
    "endless_flood": _endless_flood,
    "recursion": _endlessly,
    "c_stack_overflow": _deep,
    "mute_exception": lambda: _raise(Mute()),
    "unpicklable_exception": lambda: _raise(Unpicklable("kept")),
    "long_message": lambda: _raise(ValueError("long " * 20_000_000)),
    "thread_left": _thread,
    "closes_standard": _close_standard,
    "closes_streams": _close_streams,
    "closes_all": lambda: os.closerange(0, 4096),
    "changes_folder": lambda: os.chdir("/"),
    "kills_parents_group": _parents_group,
    "kills_own_group": lambda: os.killpg(0, signal.SIGKILL),
    "stops_itself": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    "signals_blocked": _blocked,
    "holds_the_gil": lambda: ctypes.PyDLL(None).sleep(600),
    "hook_at_exit": lambda: atexit.register(time.sleep, 600),
    "default_device": lambda: torch.set_default_device("meta"),
    "many_threads": lambda: torch.set_num_threads(16),
    "no_gradients": lambda: torch.set_grad_enabled(False),
    "patches_torch": _patch,
    "without_builtins": _without_builtins,
    "warnings_as_errors": _warn,
    "binary_output": lambda: os.write(1, b"\xff\x00\x80{}\n"),
    "stop_iteration": lambda: _raise(StopIteration("enough")),
    "base_exception": lambda: _raise(Stop("enough")),
    "keyboard_interrupt": lambda: _raise(KeyboardInterrupt()),
}


def __getattr__(name):
    if name in ACTS:
        return partial(Hostile, ACTS[name])
    raise AttributeError(name)


class Named(Hostile):
    def __init__(self):
        super().__init__(lambda: None)
        self.register_buffer("nan", torch.tensor(float("nan")))
        self.add_module("a\n\x1b[31m\ud800", nn.Linear(1, 1))

    def __repr__(self):
        raise RuntimeError("no picture")

    __str__ = __repr__


def segfault_in_build():
    ctypes.string_at(0)

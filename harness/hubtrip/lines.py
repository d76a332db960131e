"""Lines: where the code of a model's author pushes and pulls it, and where its class says how.

A library that pushes or pulls by itself has none: there nothing of the author's is to blame.
"""

from __future__ import annotations

import inspect
import sys
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from traceback import walk_tb
from types import FrameType
from typing import Any

from torch import nn

from ..finding import Location
from ..reach.territory import is_library, own_classes
from ..roundtrip.sources import own_file

_PUSH = ("push_to_hub", "save_pretrained", "_save_pretrained")
_LOAD = ("from_pretrained", "_from_pretrained")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Lines of a class, or of one that it extends, that no library has written: its methods that push, and that load,
    its constructor, and the class itself.
    """

    push: Location | None = None
    load: Location | None = None
    constructor: Location | None = None
    heading: Location | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One request of the Hub's client, and the author's line that led to it, if one did."""

    method: str
    path: str
    line: Location | None


def written(cls: type) -> Written:
    """What the author of a class has written about the Hub, or left to a library."""
    return Written(
        push=_defined(cls, _PUSH),
        load=_defined(cls, _LOAD),
        constructor=_defined(cls, ("__init__",)),
        heading=next((line for owner in _own(cls) if (line := _heading(owner)) is not None), None),
    )


def own_files(model: nn.Module) -> tuple[str, ...]:
    """The files that hold the classes of a model, those of libraries apart.

    Files and not modules: a script is executed under another name in each process.
    """
    return tuple(dict.fromkeys(file for cls in own_classes(model.modules()) if (file := own_file(cls)) is not None))


@contextmanager
def watched(files: Collection[str]) -> Iterator[list[Sent]]:
    """Note each request of the Hub's client in this process, as it is sent."""
    from huggingface_hub import get_session

    noted: list[Sent] = []
    line: Location | None = None

    def hook(request: Any) -> None:
        nonlocal line
        # The client sends from threads of its own too, for which the main one waits, after a first request from there.
        # Its frames are not walked from elsewhere: it may leave them meanwhile, and CPython 3.11 then reads freed ones.
        if threading.current_thread() is threading.main_thread():
            line = _innermost(((frame, frame.f_lineno) for frame in _outwards(sys._getframe())), files)
        noted.append(Sent(method=request.method, path=request.url.path, line=line))

    hooks = get_session().event_hooks["request"]
    hooks.append(hook)
    try:
        yield noted
    finally:
        hooks.remove(hook)


def last(sent: Iterable[Sent], part: str) -> Location | None:
    """The author's line that led to the last of the requests whose path holds `part`."""
    return next((one.line for one in reversed(list(sent)) if part in one.path and one.line is not None), None)


def raised(error: BaseException, files: Collection[str]) -> Location | None:
    """The innermost line of the author's code that an exception passed through."""
    return _innermost(reversed(list(walk_tb(error.__traceback__))), files)


def _innermost(frames: Iterable[tuple[FrameType, int]], files: Collection[str]) -> Location | None:
    found = ((frame.f_code.co_filename, line) for frame, line in frames)
    return next((Location(file=file, line=line) for file, line in found if file in files), None)


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _own(cls: type) -> Iterator[type]:
    return (owner for owner in cls.__mro__ if not is_library(owner.__module__))


def _defined(cls: type, names: Iterable[str]) -> Location | None:
    for name in names:
        for owner in _own(cls):
            made = vars(owner).get(name)
            line = None if made is None else _line(inspect.unwrap(getattr(made, "__func__", made)))
            if line is not None:
                return line
    return None


def _line(function: object) -> Location | None:
    """Where a function is named, below its decorators; no line of a file has the constructor of a dataclass."""
    if not inspect.isfunction(function) or function.__code__.co_filename.startswith("<"):
        return None
    try:
        text, start = inspect.getsourcelines(function)
    except (OSError, TypeError):
        return None
    at = next((at for at, line in enumerate(text) if line.lstrip().startswith(("def ", "async def "))), 0)
    return Location(file=function.__code__.co_filename, line=start + at)


def _heading(cls: type) -> Location | None:
    file = own_file(cls)
    try:
        return None if file is None else Location(file=file, line=inspect.getsourcelines(cls)[1])
    except (OSError, TypeError):
        return None

"""One try, whose failure is counted instead of ending the check."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from traceback import walk_tb
from types import FrameType
from typing import Generic, TypeVar

import torch
from torch import nn

from ..harness.finding import Finding, Location
from ..harness.observing import observe, session, steps
from ..harness.reach.territory import is_library

T = TypeVar("T")

# What wrong model code raises. MemoryError, ImportError and the like are no verdict on a model and pass on.
_FAILURES = (RuntimeError, TypeError, ValueError, LookupError, AttributeError, AssertionError)

_OUTSIDE = (Path(torch.__file__).parent, Path(__file__).parents[1] / "harness")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt(Generic[T]):
    """What came of one try.

    `value` is None where it was cut short; `refused` is what the device refused on the way; `error` is any
    other exception; `seconds` is wall time.
    """

    value: T | None
    refused: tuple[Finding, ...]
    error: Exception | None
    seconds: float

    @property
    def message(self) -> str:
        """`TypeName: message` of the error; empty where there was none."""
        return "" if self.error is None else f"{type(self.error).__name__}: {self.error}"

    @property
    def place(self) -> Location | None:
        """The innermost line outside PyTorch and the harness that the error passed through."""
        if self.error is None:
            return None
        frames = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(self.error.__traceback__)]
        outside = [pair for pair in frames if not any(pair[0].is_relative_to(folder) for folder in _OUTSIDE)]
        return Location(file=str(outside[-1][0]), line=outside[-1][1]) if outside else None

    @property
    def own_place(self) -> Location | None:
        """The innermost line that no library has written, where the error went on from it into a library."""
        if self.error is None:
            return None
        # The first is the line of `act`, which is the check's own.
        own = [(frame, line) for frame, line in walk_tb(self.error.__traceback__) if _is_own(frame)][1:]
        found = Location(file=own[-1][0].f_code.co_filename, line=own[-1][1]) if own else None
        return None if found == self.place else found


def _is_own(frame: FrameType) -> bool:
    file = Path(frame.f_code.co_filename)
    if file == Path(__file__) or {"site-packages", "dist-packages"} & set(file.parts):
        return False
    return not is_library(frame.f_globals.get("__name__"))


def attempt(model: nn.Module, act: Callable[[], T]) -> Attempt[T]:
    """Call `act`, which runs `model`, and say what came of it.

    A check catches nothing, since one place, the engine, catches everything. This is the exception: where a
    check counts failures (so many of twenty problems), the one that fails must not hide the others.
    """
    # A virtual device reports a mismatch once per phase: each try is one, so that each counts its own.
    steps(session())
    started = perf_counter()
    try:
        observed = observe(model, act)
    except _FAILURES as error:
        seconds = perf_counter() - started
        refused = observe(model, lambda: None).findings
        # What the device refused before is the cause: hardware would have stopped there.
        return Attempt(value=None, refused=refused, error=None if refused else error, seconds=seconds)
    return Attempt(value=observed.value, refused=observed.findings, error=None, seconds=perf_counter() - started)

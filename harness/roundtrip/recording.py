"""Recording: which modules and configs a piece of code constructs, with which arguments, and on whose behalf."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

from torch import nn

# By name: transformers may be imported by the very code that is recorded.
_CONFIGS = frozenset({"PretrainedConfig", "PreTrainedConfig"})
_VARARGS, _KEYWORDS = inspect.CO_VARARGS, inspect.CO_VARKEYWORDS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Construction:
    """One call of a class.

    `given` are its arguments by name, without defaults, copied before the constructor could change them; modules
    among them are not copied. `outermost` is false for what another module's constructor made. `grown` says that a
    method of an earlier module, and not the caller, made it.
    """

    made: Any
    positional: tuple[Any, ...]
    keywords: dict[str, Any]
    given: dict[str, Any]
    outermost: bool
    grown: bool


@dataclass(slots=True, kw_only=True, eq=False)
class Recording:
    """What was constructed, in order; it keeps all of it alive. `built_any` stays true after all is forgotten."""

    constructions: dict[int, Construction] = field(default_factory=dict)
    built_any: bool = False

    def of(self, thing: object) -> Construction | None:
        """How a thing was constructed; None where that was not seen."""
        return self.constructions.get(id(thing))

    def keep_only(self, roots: list[object]) -> None:
        """Forget the rest, so that it can be freed."""
        self.built_any = self.built_any or bool(self.constructions)
        self.constructions = {id(root): c for root in roots if (c := self.of(root)) is not None}


@contextmanager
def recording() -> Iterator[Recording]:
    """Record every module and transformers config that is constructed meanwhile in this thread.

    By the interpreter's profile hook, since a metaclass cannot be put under other people's classes; a profiler that
    runs is put back afterwards.
    """
    recorder = _Recorder(sys._getframe(2))
    before = sys.getprofile()
    sys.setprofile(recorder.event)
    try:
        yield recorder.recording
    finally:
        sys.setprofile(before)


class _Recorder:
    def __init__(self, home: FrameType) -> None:
        self.recording = Recording()
        self._home = home
        self._open: list[FrameType] = []
        self._kinds: dict[type, bool] = {}

    def event(self, frame: FrameType, event: str, argument: object) -> None:
        """The profile hook."""
        if event == "return" and self._open and self._open[-1] is frame:
            self._open.pop()
        elif event == "call" and frame.f_code.co_name == "__init__" and frame.f_code.co_argcount:
            made = frame.f_locals.get(frame.f_code.co_varnames[0])
            if self._is_recorded(type(made)) and id(made) not in self.recording.constructions:
                self.recording.constructions[id(made)] = self._construction(made, frame)
                self._open.append(frame)

    def _is_recorded(self, cls: type) -> bool:
        if cls not in self._kinds:
            self._kinds[cls] = issubclass(cls, nn.Module) or any(base.__name__ in _CONFIGS for base in cls.__mro__)
        return self._kinds[cls]

    def _construction(self, made: Any, frame: FrameType) -> Construction:
        if self._open:
            return Construction(made=made, positional=(), keywords={}, given={}, outermost=False, grown=False)
        positional, keywords, given = _arguments(frame)
        return Construction(
            made=made,
            positional=positional,
            keywords=keywords,
            given=given,
            outermost=True,
            grown=self._by_a_method(frame),
        )

    def _by_a_method(self, frame: FrameType) -> bool:
        caller = frame.f_back
        while caller is not None and caller is not self._home:
            code = caller.f_code
            owner = caller.f_locals.get(code.co_varnames[0]) if code.co_argcount else None
            if id(owner) in self.recording.constructions and _is_method(owner, code):
                return True
            caller = caller.f_back
        return False


def _is_method(owner: object, code: CodeType) -> bool:
    """True where the code is a method of the owner, and not a function that it was passed to first."""
    found = inspect.getattr_static(type(owner), code.co_name, None)
    return isinstance(owner, nn.Module) and getattr(found, "__code__", None) is code


def _arguments(frame: FrameType) -> tuple[tuple[Any, ...], dict[str, Any], dict[str, Any]]:
    code, values = frame.f_code, frame.f_locals
    names = code.co_varnames
    plain, only = code.co_argcount, code.co_kwonlyargcount
    rest = names[plain + only :]
    given = {name: _kept(values[name]) for name in names[1 : plain + only]}
    positional = tuple(given[name] for name in names[1:plain])
    keywords = {name: given[name] for name in names[plain : plain + only]}
    if code.co_flags & _VARARGS:
        more = tuple(_kept(value) for value in values[rest[0]])
        positional, rest = (*positional, *more), rest[1:]
        given |= {f"*{index}": value for index, value in enumerate(more)}
    if code.co_flags & _KEYWORDS:
        extra = {name: _kept(value) for name, value in values[rest[0]].items()}
        keywords, given = keywords | extra, given | extra
    return positional, keywords, given


def _kept(value: Any) -> Any:
    """A copy, with the modules in it left as they are; the thing itself where it cannot be copied."""
    if isinstance(value, nn.Module):
        return value
    hook = sys.getprofile()
    sys.setprofile(None)
    try:
        return deepcopy(value, {id(module): module for module in _modules(value)})
    # Whatever a user's `__deepcopy__` raises: then the argument cannot be told from what became of it.
    except Exception:
        return value
    finally:
        sys.setprofile(hook)


def _modules(value: Any) -> Iterator[nn.Module]:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    for item in items:
        if isinstance(item, nn.Module):
            yield item
        else:
            yield from _modules(item)

"""Tracing: what went into every module of a model and what came out, and where two traces part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from ..roundtrip.running import as_it_was, copied, leaves
from ..subject import call

Leaves = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Passage:
    """One call of a module, by path (empty for the model itself) and how often it was called before."""

    path: str
    turn: int
    inputs: Leaves
    outputs: Leaves


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parting:
    """The first module whose inputs agree and whose outputs do not, and in words how they differ."""

    path: str
    text: str


def trace(model: nn.Module, inputs: Any) -> list[Passage]:
    """Call a model, as `asking.ask` does; every module's passages in the order in which they ended."""
    passages: list[Passage] = []
    open_: list[Leaves] = []
    turns: Counter[str] = Counter()

    def entering(module: nn.Module, args: Any, kwargs: Any) -> None:
        open_.append(tuple(leaves((*args, *kwargs.values()), "input")))

    def leaving(path: str) -> Callable[..., None]:
        def note(module: nn.Module, args: Any, output: Any) -> None:
            given = open_.pop()
            passages.append(Passage(path=path, turn=turns[path], inputs=given, outputs=tuple(leaves(output))))
            turns[path] += 1

        return note

    with ExitStack() as stack:
        for path, module in model.named_modules():
            if not isinstance(module, torch.jit.ScriptModule):
                stack.callback(module.register_forward_pre_hook(entering, with_kwargs=True).remove)
                stack.callback(module.register_forward_hook(leaving(path)).remove)
        stack.enter_context(as_it_was(model))
        stack.enter_context(torch.no_grad())
        call(model, copied(inputs))
    return passages


def parting(expected: list[Passage], actual: list[Passage], gap: Callable[[Any, Any], str | None]) -> Parting | None:
    """Where two traces of one model part; `gap` says what to say of two leaves, None where they agree."""
    there = {(one.path, one.turn): one for one in actual}
    for here in expected:
        other = there.get((here.path, here.turn))
        if other is None or first_gap(here.inputs, other.inputs, gap):
            continue
        text = first_gap(here.outputs, other.outputs, gap)
        if text:
            return Parting(path=here.path, text=text)
    return None


def first_gap(expected: Leaves, actual: Leaves, gap: Callable[[Any, Any], str | None]) -> str | None:
    """What to say of the first leaves that do not agree."""
    if [path for path, _ in expected] != [path for path, _ in actual]:
        return f"{', '.join(path for path, _ in actual) or 'nothing'} came, expected " + ", ".join(
            path for path, _ in expected
        )
    for (path, one), (_, other) in zip(expected, actual, strict=True):
        text = gap(one, other)
        if text:
            return f"{path}: {text}"
    return None

"""Functionals: keep PyTorch's Python-level functions transparent to the function mode.

While a mode handles a call, PyTorch turns the mode off; inside `F.multi_head_attention_forward` everything would
look like the CPU. These functions ask `has_torch_function` whether to hand themselves to the mode; if the only
mode is ours they are told no, and run with it on. The backward engine is no such function: it is entered like one
here, so that what its C++ formulas make is unborn and not taken for the program's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import _engine_run_backward

from .gradients import check_roots
from .patching import patched
from .session import current
from .threads import running_here

_MODULES = (torch.nn.functional, torch.functional, torch.autograd)
_NAMES = ("has_torch_function", "has_torch_function_unary", "has_torch_function_variadic")
_PLAIN = (Tensor, torch.nn.Parameter, type(None))


@contextmanager
def transparent() -> Iterator[None]:
    """Let Python-level functions run with the modes on."""
    with ExitStack() as stack:
        for module in _MODULES:
            for name in _NAMES:
                if hasattr(module, name):
                    asking = _asking(getattr(module, name), name)
                    stack.enter_context(_scriptable(asking))
                    stack.enter_context(patched(module, name, asking))
        for module in (torch.autograd, torch.autograd.graph):
            stack.enter_context(patched(module, "_engine_run_backward", _as_a_call(_engine_run_backward)))
        yield


@contextmanager
def _scriptable(asking: Callable[..., bool]) -> Iterator[None]:
    """Let TorchScript take it for the operator that it takes PyTorch's own for, when it compiles a functional."""
    builtins = torch.jit._builtins._get_builtin_table()  # type: ignore[no-untyped-call]
    builtins[id(asking)] = "aten::has_torch_function"
    try:
        yield
    finally:
        del builtins[id(asking)]


def _as_a_call(run: Callable[..., Any]) -> Callable[..., Any]:
    def engine(*args: Any, **kwargs: Any) -> Any:
        running = running_here()
        if running is None:
            return run(*args, **kwargs)
        session = current()
        if session is not None:
            args = (args[0], check_roots(session, *args[:2]), *args[2:])
        with running.calling(args, kwargs):
            return run(*args, **kwargs)

    return engine


def _asking(original: Callable[..., bool], name: str) -> Callable[..., bool]:
    unpack = name == "has_torch_function"

    def has_torch_function(*arguments: Any) -> bool:
        values = arguments[0] if unpack else arguments
        if torch._C._len_torch_function_stack() <= 1 and all(type(value) in _PLAIN for value in values):
            return False
        return original(*arguments)

    return has_torch_function

"""Scripting: what TorchScript has compiled runs as the Python it came from, since its interpreter asks no mode.

PyTorch keeps the source beside what it compiles: a function's is on the `ScriptFunction`, for `torch.compile` to
inline, and a method's is what it wraps. So a trace does not freeze its devices here. What has no Python any more, a
module that `torch.jit.load` read, stays with the interpreter, which sees the CPU where it asks for a device.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.jit._script import RecursiveScriptModule
from torch.utils._python_dispatch import _disable_current_modes

from ..patching import patched


@contextmanager
def eager() -> Iterator[None]:
    """Run scripted functions and modules as Python, those that were scripted before as well."""
    kinds = (torch._C.ScriptFunction, torch._C.ScriptMethod)
    with ExitStack() as stack:
        for kind, run in zip(kinds, (_function, _method), strict=True):
            stack.enter_context(patched(kind, "__call__", run(kind.__call__)))
        for name in ("__copy__", "__deepcopy__"):
            copying = getattr(RecursiveScriptModule, name)
            stack.enter_context(patched(RecursiveScriptModule, name, _copying(copying)))
        # Comparing the interpreter with Python is what a trace ends with.
        stack.enter_context(patched(torch.jit._trace, "_check_trace", lambda *args, **kwargs: None))
        for owner in (torch.jit, torch.jit._trace):
            stack.enter_context(patched(owner, "trace_module", _tracing(owner.trace_module)))
        yield


def _function(interpret: Callable[..., Any]) -> Callable[..., Any]:
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        source = getattr(self, "_torchdynamo_inline", None)
        return interpret(self, *args, **kwargs) if source is None else source(*args, **kwargs)

    return call


def _method(interpret: Callable[..., Any]) -> Callable[..., Any]:
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        source: Any = getattr(self, "__wrapped__", None)
        if not isinstance(getattr(source, "__self__", None), nn.Module):
            return interpret(self, *args, **kwargs)
        module = _with_state(source.__self__, self.owner)
        result = source.__func__(module, *args, **kwargs)
        _keep(module, self.owner)
        return result

    return call


def _tracing(trace: Callable[..., Any]) -> Callable[..., Any]:
    def trace_module(mod: nn.Module, inputs: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        with _seen_by_nobody():  # the tracer loses the parameters from sight where a mode runs the operators
            traced = trace(mod, inputs, *args, **kwargs)
        scripted = traced._actual_script_module
        for name in inputs:
            scripted.__dict__[name] = functools.wraps(getattr(mod, name))(scripted._c._get_method(name))
        return traced

    return trace_module


def _copying(copy: Callable[..., Any]) -> Callable[..., Any]:
    """A copy of a scripted module, with the Python that its methods came from: PyTorch leaves that behind."""

    def copied(self: Any, *memo: Any) -> Any:
        twin = copy(self, *memo)
        for ours, theirs in zip(self.modules(), twin.modules(), strict=True):
            for name, method in tuple(vars(ours).items()):
                if isinstance(method, torch._C.ScriptMethod) and hasattr(method, "__wrapped__"):
                    theirs.__dict__[name] = functools.wraps(method.__wrapped__)(theirs._c._get_method(name))
        return twin

    return copied


@contextmanager
def _seen_by_nobody() -> Iterator[None]:
    asked = torch._C._len_torch_function_stack() > 0
    with torch.overrides._pop_mode_temporarily() if asked else nullcontext(), _disable_current_modes():
        yield


def _with_state(module: nn.Module, scripted: Any) -> nn.Module:
    """The module that was scripted, with the tensors and the mode of what it became: moves and loads change those."""
    if isinstance(module, torch.jit.ScriptModule):
        return module
    twin = object.__new__(type(module))
    twin.__dict__.update(module.__dict__)
    twin.__dict__.update(
        training=scripted.training,
        _parameters={**module._parameters, **_tensors(torch._C.ParameterDict, scripted)},
        _buffers={**module._buffers, **_tensors(torch._C.BufferDict, scripted)},
        _modules={
            name: child and _with_state(child, scripted.getattr(name)) for name, child in module._modules.items()
        },
    )
    return twin


def _keep(module: nn.Module, scripted: Any) -> None:
    """Give back the buffers that a call has replaced by others."""
    if isinstance(module, torch.jit.ScriptModule):
        return
    for name, buffer in _tensors(torch._C.BufferDict, scripted).items():
        if module._buffers.get(name) is not buffer:
            scripted.setattr(name, module._buffers[name])
    for name, child in module._modules.items():
        if child is not None:
            _keep(child, scripted.getattr(name))


def _tensors(kind: Any, scripted: Any) -> dict[str, Tensor]:
    return dict(kind(scripted).items())

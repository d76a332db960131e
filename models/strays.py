"""Strays: the ways in which a tensor is left on the CPU, each put into a module that was healthy.

Each is what people write: the constant that `__init__` keeps as a plain attribute, the mask that every forward builds,
the cache that remembers the first device.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

# Used in a forward though nobody moves them; the first that a module has is taken out of its buffers.
_BUFFERS = ("running_mean", "inv_freq", "weight")


class _Attribute:
    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return super().forward(*args, **kwargs) * self.planted_constant  # type: ignore[misc, attr-defined]


class _Local:
    def forward(self, *args: Any, **kwargs: Any) -> Any:
        planted_local = torch.ones(1)
        return super().forward(*args, **kwargs) * planted_local  # type: ignore[misc]


class _Cache:
    def forward(self, *args: Any, **kwargs: Any) -> Any:
        output = super().forward(*args, **kwargs)  # type: ignore[misc]
        if self.planted_cache is None:
            self.planted_cache: Tensor | None = torch.ones(1, device=output.device)
        return output * self.planted_cache


class _List:
    def forward(self, *args: Any, **kwargs: Any) -> Any:
        output = super().forward(*args, **kwargs)  # type: ignore[misc]
        for factor in self.planted_list:  # type: ignore[attr-defined]
            output = output * factor
        return output


def attribute(module: nn.Module) -> str:
    """A constant that `__init__` makes and keeps as a plain attribute."""
    _mixed(module, _Attribute)
    module.planted_constant = torch.ones(1)
    return "planted_constant"


def buffer(module: nn.Module) -> str:
    """A buffer, or a parameter where there is none, that is a plain tensor instead."""
    for name in _BUFFERS:
        for registered in (module._buffers, module._parameters):
            if registered.get(name) is not None:
                return unregistered(module, name)
    raise LookupError(f"{type(module).__name__} has none of {', '.join(_BUFFERS)}")


def unregistered(module: nn.Module, name: str) -> str:
    """Turn a parameter or buffer of a module into a plain attribute, which `.to()` does not see."""
    held = module._parameters if name in module._parameters else module._buffers
    tensor = held.pop(name)
    module.__dict__[name] = None if tensor is None else tensor.detach().clone()
    return name


def local(module: nn.Module) -> str:
    """A tensor that every forward makes on the CPU."""
    _mixed(module, _Local)
    return "planted_local"


def hook(module: nn.Module) -> str:
    """A forward hook with a tensor of its own."""
    planted_in_hook = torch.ones(1)
    module.register_forward_hook(lambda module, args, output: output * planted_in_hook)
    return "planted_in_hook"


def cache(module: nn.Module) -> str:
    """A cache that is filled on the first device, and kept."""
    _mixed(module, _Cache)
    module.__dict__["planted_cache"] = None
    return "planted_cache"


def several(module: nn.Module) -> str:
    """A list of tensors."""
    _mixed(module, _List)
    module.__dict__["planted_list"] = [torch.ones(1), torch.ones(1)]
    return "planted_list"


def _mixed(module: nn.Module, behaviour: type) -> None:
    """Give one module another forward, as if its class had been written so."""
    kind = type(module)
    module.__class__ = type(kind.__name__, (behaviour, kind), {"__module__": kind.__module__})


# In this order, one after another, from architecture to architecture.
STRAYS: dict[str, Callable[[nn.Module], str]] = {
    "attribute": attribute,
    "buffer": buffer,
    "local": local,
    "hook": hook,
    "cache": cache,
    "list": several,
}

"""The function mode: presents the labels to Python, and gives moves and factories their meaning."""

from __future__ import annotations

from collections.abc import Callable
from types import MethodWrapperType
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from . import agreement, casting, composites, copying, factories, gradients, hooks, host, moves, presentation, views
from .session import Running, Session, current

Handler = Callable[[Session, Running, Callable[..., Any], tuple[Any, ...], dict[str, Any]], Any]

# `Tensor.device.__get__` is a new object at each access that compares equal: a dict finds it, `is` would not.
HANDLERS: dict[Any, Handler] = {
    Tensor.device.__get__: presentation.device,
    Tensor.is_cpu.__get__: presentation.is_kind("cpu"),  # type: ignore[attr-defined]
    Tensor.is_cuda.__get__: presentation.is_kind("cuda"),  # type: ignore[attr-defined]
    Tensor.is_mps.__get__: presentation.is_kind("mps"),  # type: ignore[attr-defined]
    Tensor.is_xpu.__get__: presentation.is_kind("xpu"),  # type: ignore[attr-defined]
    torch.device: presentation.make_device,
    torch._C._nn._parse_to: presentation.parse_to,
    Tensor.get_device: presentation.get_device,
    torch.get_device: presentation.get_device,
    Tensor.type: presentation.type_,
    Tensor.__repr__: presentation.repr_,
    Tensor.__format__: presentation.format_,
    Tensor.to: moves.to,
    Tensor.cpu: moves.cpu,
    Tensor.type_as: moves.type_as,
    Tensor.cuda: moves.accelerator("cuda"),
    Tensor.xpu: moves.accelerator("xpu"),
    Tensor.numpy: host.numpy,
    Tensor.__array__: host.numpy,
    Tensor.tolist: host.tolist,
    Tensor.pin_memory: host.pin_memory,
    Tensor.is_shared: host.is_shared,
    Tensor.share_memory_: host.share_memory,
    Tensor.__dlpack__: host.dlpack,
    Tensor.__dlpack_device__: host.dlpack_device,
    Tensor.__cuda_array_interface__.__get__: host.array_interface,
    Tensor.data.__get__: views.data,  # type: ignore[attr-defined]
    Tensor.register_hook: hooks.register_hook,
    Tensor.backward: gradients.backward,
    Tensor.grad.__get__: gradients.get_grad,  # type: ignore[union-attr]
    Tensor.grad.__set__: gradients.set_grad,  # type: ignore[union-attr]
    Tensor.copy_: gradients.copy_,
    Tensor.__setitem__: gradients.set_item,
    Tensor.__deepcopy__: copying.deepcopy,
    **agreement.HANDLERS,
    **composites.HANDLERS,
    Tensor.new: factories.beside,
    Tensor.new_tensor: factories.beside,
    **dict.fromkeys(factories.PLAIN, factories.plain),
    **dict.fromkeys(factories.FROM_DATA, factories.from_data),
    **dict.fromkeys(factories.OF_PARTS, factories.of_parts),
}


class DeviceFunctions(TorchFunctionMode):
    """One thread's presentation of the virtual devices. PyTorch turns it off while a call runs; `running` says so."""

    def __init__(self, running: Running) -> None:
        super().__init__()
        self.running = running
        running.seen = lambda: self

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Run one call."""
        session, running = current(), self.running
        if session is not None:
            handler = HANDLERS.get(func)
            if handler is None and kwargs and kwargs.get("device") is not None:
                handler = factories.like
            if handler is not None:
                return handler(session, running, func, args, kwargs or {})
        if type(func) is MethodWrapperType:  # a property of the tensor: nothing is computed
            return func(*args)
        outer, saved = running.call, running.arguments
        running.last += 1
        running.call, running.arguments = running.last, (args, kwargs)
        try:
            if session is not None and session.casting and casting.is_on(session):
                return casting.call(session, func, args, kwargs or {})
            return func(*args, **kwargs) if kwargs else func(*args)
        finally:
            running.call, running.arguments = outer, saved

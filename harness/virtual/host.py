"""Host access: reading a device tensor from Python or NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from . import labels
from .labels import CPU
from .moves import device_of
from .refusal import refuse
from .session import Running, Session
from .transfers import note


def numpy(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor.numpy()` and `np.asarray(tensor)`: refused for a device tensor, unless `force=True`."""
    found = device_of(session, args[0])
    if found is not None and found is not CPU and not kwargs.get("force", False):
        refuse(
            session,
            TypeError,
            f"can't convert {found} device type tensor to numpy. "
            "Use Tensor.cpu() to copy the tensor to host memory first.",
            code="SD202",
            op="Tensor.numpy",
            culprit=args[0],
            expected=CPU,
        )
    return func(*args, **kwargs)


def tolist(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor.tolist()`: Python waits for all of it."""
    found = device_of(session, args[0])
    if found is not None and found is not CPU:
        nbytes = args[0].numel() * args[0].element_size()
        note(session, nbytes, labels.get(args[0]), (found, CPU), op="Tensor.tolist", sync=True)
    return func(*args, **kwargs)


def pin_memory(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor.pin_memory()`: only dense CPU tensors can be pinned; the copy is an ordinary host tensor."""
    found = device_of(session, args[0])
    if found is not None and found is not CPU:
        raise RuntimeError(f"cannot pin '{args[0].type()}' only dense CPU tensors can be pinned")
    return torch.clone(args[0])


def array_interface(
    session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any
) -> Any:
    """`tensor.__cuda_array_interface__`, which other libraries look for; the address is the host's."""
    found = device_of(session, args[0])
    if found is None or found.type != "cuda":
        return func(*args, **kwargs)
    described: dict[str, Any] = args[0].detach().numpy().__array_interface__
    return {name: described[name] for name in ("typestr", "shape", "strides", "data")} | {"version": 2}


def dlpack_device(
    session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any
) -> Any:
    """`tensor.__dlpack_device__()`, by which NumPy knows that it cannot read a device tensor."""
    found = device_of(session, args[0])
    if found is None or found.type != "cuda":
        return func(*args, **kwargs)
    return torch.utils.dlpack.DLDeviceType.kDLCUDA, found.index


def dlpack(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor.__dlpack__()`, as another library asks for it: no reader of CUDA memory would find the data."""
    found = device_of(session, args[0])
    if found is not None and found is not CPU:
        words = "Unsupported device in DLTensor."
        refuse(session, BufferError, words, code="SD202", op="Tensor.__dlpack__", culprit=args[0], expected=CPU)
    return func(*args, **kwargs)


def is_shared(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor.is_shared()`: CUDA memory always is."""
    found = device_of(session, args[0])
    return True if found is not None and found.type == "cuda" else func(*args, **kwargs)


def share_memory(
    session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any
) -> Any:
    """`tensor.share_memory_()`, which does nothing to a CUDA tensor."""
    found = device_of(session, args[0])
    return args[0] if found is not None and found.type == "cuda" else func(*args, **kwargs)

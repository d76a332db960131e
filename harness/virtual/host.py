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

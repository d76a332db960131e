"""The host: what Python and NumPy may read of a tensor, and what they refuse."""

from typing import Any

import numpy
import torch
from torch import Tensor

from .made import floats, integers, scalar


def to_numpy(data: str) -> Any:
    """`.numpy()`, which refuses a device."""
    return floats(data, 2).numpy()


def forced_to_numpy(data: str) -> Any:
    """`.numpy(force=True)`."""
    return floats(data, 2).numpy(force=True)


def numpy_of(data: str) -> Any:
    """`numpy.asarray(x)`."""
    return numpy.asarray(floats(data, 2))


def numpy_function(data: str) -> Any:
    """`numpy.exp(x)`."""
    return numpy.exp(floats(data, 2))


def numpy_added(data: str) -> Any:
    """`x + array`."""
    return floats(data, 2) + numpy.ones(2, dtype=numpy.float32)


def numpy_indexed(data: str) -> Any:
    """`x[array]`."""
    return floats(data, 2)[numpy.array([1])]


def indexes_numpy(index: str) -> Any:
    """`array[index]`."""
    return numpy.ones(2)[integers(index, 1, 0)]


def from_numpy(target: str) -> Tensor:
    """`from_numpy(...).to(device)`."""
    return torch.from_numpy(numpy.ones(2)).to(target)


def tensor_of_numpy(target: str) -> Tensor:
    """`torch.tensor(array, device=...)`."""
    return torch.tensor(numpy.ones(2, dtype=numpy.float32), device=target)


def item(data: str) -> Any:
    """`.item()`."""
    return scalar(data).item()


def to_list(data: str) -> Any:
    """`.tolist()`."""
    return floats(data, 2).tolist()


def as_bool(data: str) -> bool:
    """`if x`."""
    return bool(scalar(data))


def as_index(data: str) -> int:
    """`list[x]`."""
    return [1, 2][integers(data, 1)[0]]


def as_range(data: str) -> Any:
    """`range(x)`."""
    return list(range(integers(data, 2)[0]))


def as_size(data: str, result: str) -> Tensor:
    """A 0-dim tensor among the sizes of a new one."""
    return torch.zeros(int(integers(data, 2)[0]), device=result)


def iterated(data: str) -> Any:
    """`for row in x`."""
    return list(floats(data, 2))


def contained(data: str, value: str) -> bool:
    """`value in x`."""
    return scalar(value) in floats(data, 3)


def printed(data: str) -> str:
    """`repr(x)` and an f-string."""
    return f"{floats(data, 2)!r} {scalar(data):.1f}"


def device_of(data: str) -> torch.device:
    """`x.device`."""
    return floats(data, 2).device


def arange_of_scalar(end: str, result: str) -> Any:
    """`arange(0-dim)`."""
    return torch.arange(scalar(end, 3.0), device=result)  # type: ignore[call-overload]  # legal, and common


def linspace_of_scalars(start: str, end: str, result: str) -> Tensor:
    """`linspace(0-dim, 0-dim)`."""
    return torch.linspace(scalar(start), scalar(end), 3, device=result)


PROGRAMS = (
    to_numpy,
    forced_to_numpy,
    numpy_of,
    numpy_function,
    numpy_added,
    numpy_indexed,
    indexes_numpy,
    from_numpy,
    tensor_of_numpy,
    item,
    to_list,
    as_bool,
    as_index,
    as_range,
    as_size,
    iterated,
    contained,
    printed,
    device_of,
    arange_of_scalar,
    linspace_of_scalars,
)

"""Surroundings: default devices, autocast, and loaders of data."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from .made import floats


def default_device(device: str, other: str) -> Tensor:
    """`with torch.device(...)`: a new tensor meets another."""
    with torch.device(device):
        return torch.ones(2) + floats(other, 2)


def set_default_device(device: str) -> list[Tensor]:
    """`set_default_device`: new tensors and modules, but not `from_numpy`."""
    before = torch.get_default_device()
    torch.set_default_device(device)
    try:
        return [torch.ones(2), torch.tensor([1.0]), nn.Linear(1, 1).weight]
    finally:
        torch.set_default_device(None if before.type == "cpu" else before)


def module_made_there(module: str, x: str) -> Any:
    """`nn.Linear(device=...)`."""
    return nn.Linear(2, 2, device=module)(floats(x, 1, 2))


def made_like(data: str) -> list[Tensor]:
    """Tensors made after another."""
    x = floats(data, 2)
    return [torch.zeros_like(x), x.new_ones(2), torch.empty_like(x, dtype=torch.long), torch.arange(2, device=x.device)]


def autocast(module: str, x: str) -> Any:
    """`autocast` of the device's kind over a module and its input."""
    kind = torch.device(module).type
    with torch.autocast(kind, dtype=torch.bfloat16):
        return nn.Linear(2, 2).to(module)(floats(x, 1, 2))


def autocast_of_the_device(module: str, x: str) -> Any:
    """`autocast` of the input's kind, where a CPU module gets no half precision from a device's."""
    layer = nn.Sequential(nn.Linear(2, 2), nn.LayerNorm(2), nn.Softmax(-1)).to(module)
    with torch.autocast(torch.device(x).type, dtype=torch.bfloat16):
        return layer(floats(x, 1, 2))


def autocast_default_dtype(data: str) -> Any:
    """`autocast` with the device's own half precision."""
    x = floats(data, 2, 2)
    with torch.autocast(x.device.type):
        return x @ x, x.exp(), x + 1


def pinned_loader(target: str) -> list[Any]:
    """`DataLoader(pin_memory=True)`, then a move."""
    loader = DataLoader(TensorDataset(floats("cpu", 4, 1)), batch_size=2, pin_memory=True)
    return [batch.to(target, non_blocking=True) for (batch,) in loader]


def loader_of_device_data(data: str) -> list[Any]:
    """`DataLoader` over tensors that are on the device."""
    return list(DataLoader(TensorDataset(floats(data, 4, 1)), batch_size=2))


def pinned_loader_of_device_data(data: str) -> list[Any]:
    """`pin_memory=True` over tensors that are on the device, which cannot be pinned."""
    return list(DataLoader(TensorDataset(floats(data, 4, 1)), batch_size=2, pin_memory=True))


def pinned(data: str) -> Tensor:
    """`x.pin_memory()`."""
    return floats(data, 2).pin_memory()


def pinned_and_moved(target: str) -> Tensor:
    """`x.pin_memory()` of a CPU tensor, then a move."""
    return floats("cpu", 2).pin_memory().to(target, non_blocking=True)


def pinned_at_birth(target: str) -> Tensor:
    """`torch.empty(pin_memory=True)`, then a move."""
    return torch.zeros(2, pin_memory=True).to(target, non_blocking=True)


PROGRAMS = (
    default_device,
    set_default_device,
    module_made_there,
    made_like,
    autocast,
    autocast_of_the_device,
    autocast_default_dtype,
    pinned_loader,
    loader_of_device_data,
    pinned_loader_of_device_data,
    pinned,
    pinned_and_moved,
    pinned_at_birth,
)

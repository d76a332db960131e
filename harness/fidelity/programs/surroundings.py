"""Surroundings: default devices, autocast, and loaders of data."""

from collections.abc import Callable
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


# What autocast treats in each of its ways, and some that it leaves alone.
AUTOCAST: tuple[Callable[[Tensor], Any], ...] = (
    lambda x: x @ x,
    lambda x: nn.functional.linear(x, x),
    lambda x: torch.einsum("ij,jk", x, x),
    lambda x: torch.addmm(x, x, x),
    lambda x: torch.bmm(x[None], x[None]),
    lambda x: nn.functional.conv1d(x[None], x[:, :, None]),
    lambda x: nn.functional.prelu(x, x[0, :1]),
    lambda x: nn.functional.scaled_dot_product_attention(x[None], x[None], x[None]),
    lambda x: nn.LSTMCell(2, 2).to(x.device)(x.float())[0],
    lambda x: nn.LSTM(2, 2).to(x.device)(x.float())[0],
    lambda x: x.exp(),
    lambda x: x**2,
    lambda x: 2**x,
    lambda x: x.abs().log(),
    lambda x: x.rsqrt(),
    lambda x: x.softmax(-1),
    lambda x: nn.functional.log_softmax(x, -1),
    lambda x: nn.functional.layer_norm(x, (2,)),
    lambda x: nn.functional.rms_norm(x, (2,)),
    lambda x: nn.functional.group_norm(x, 1),
    lambda x: nn.functional.batch_norm(x, None, None, training=True),
    lambda x: nn.functional.cross_entropy(x, torch.zeros(2, dtype=torch.long, device=x.device)),
    lambda x: nn.functional.mse_loss(x, x),
    lambda x: nn.functional.binary_cross_entropy_with_logits(x, x),
    lambda x: nn.functional.binary_cross_entropy(x.sigmoid(), x.sigmoid()),
    lambda x: nn.functional.cosine_similarity(x, x),
    lambda x: nn.functional.normalize(x),
    lambda x: x.norm(),
    lambda x: torch.linalg.vector_norm(x),
    lambda x: torch.cdist(x, x),
    lambda x: x.sum(),
    lambda x: x.sum(0),
    lambda x: x.mean(),
    lambda x: x.prod(),
    lambda x: x.cumsum(0),
    lambda x: x.std(),
    lambda x: x + 1,
    lambda x: x + x.float(),
    lambda x: torch.cat([x, x.float()]),
    lambda x: torch.stack([x, x.float()]),
    lambda x: torch.addcmul(x, x.float(), x),
    lambda x: torch.dot(x[0], x[0].float()),
    lambda x: nn.functional.gelu(x),
    lambda x: nn.functional.silu(x),
    lambda x: nn.functional.softplus(x),
    lambda x: nn.functional.interpolate(x[None], scale_factor=2),
    lambda x: nn.functional.avg_pool1d(x, 2),
    lambda x: nn.functional.embedding(torch.zeros(1, dtype=torch.long, device=x.device), x),
    lambda x: nn.functional.dropout(x),
    lambda x: x.tanh(),
    lambda x: torch.where(x > 0, x, x),
    lambda x: nn.functional.pad(x, (1, 1)),
)


def autocast_functions(data: str) -> list[str]:
    """The dtype of every function of `AUTOCAST`, for each dtype that goes in; the error where it raises."""
    found = []
    for given in (torch.float32, torch.float16, torch.bfloat16):
        x = floats(data, 2, 2).to(given)
        with torch.autocast(x.device.type, dtype=torch.bfloat16):
            for place, function in enumerate(AUTOCAST):
                try:
                    found.append(f"{place} {given} {function(x).dtype}")
                except (RuntimeError, NotImplementedError) as error:
                    found.append(f"{place} {given} {type(error).__name__}")
    return found


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
    autocast_functions,
    pinned_loader,
    loader_of_device_data,
    pinned_loader_of_device_data,
    pinned,
    pinned_and_moved,
    pinned_at_birth,
)

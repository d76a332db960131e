"""The tensors that programs are made of: the same numbers on any device."""

import math

import torch
from torch import Tensor


def floats(device: str, *shape: int) -> Tensor:
    """0, 1, 2 ... as float32, made on the CPU and moved."""
    return torch.arange(math.prod(shape), dtype=torch.float32).view(shape).to(device)


def integers(device: str, *values: int) -> Tensor:
    """The values as int64, made on the CPU and moved."""
    return torch.tensor(values).to(device)


def mask(device: str, *values: bool) -> Tensor:
    """The values as bool, made on the CPU and moved."""
    return torch.tensor(values).to(device)


def scalar(device: str, value: float = 2.0) -> Tensor:
    """A 0-dim float32."""
    return torch.tensor(value).to(device)

"""Joining: several tensors made one, and one made several."""

from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from .made import floats, scalar


def cat(first: str, second: str) -> Tensor:
    """`cat`."""
    return torch.cat([floats(first, 2), floats(second, 3)])


def cat_scalars(first: str, second: str) -> Tensor:
    """`cat` of 0-dim tensors made one-dimensional."""
    return torch.cat([scalar(first)[None], scalar(second).view(1)])


def cat_empty(data: str, empty: str) -> Tensor:
    """`cat` with an empty tensor, as key-value caches begin."""
    return torch.cat([torch.tensor([]).to(empty), floats(data, 2)])


def cat_out(first: str, second: str, result: str) -> Tensor:
    """`cat(..., out=...)`."""
    return torch.cat([floats(first, 2), floats(second, 2)], out=floats(result, 4))


def stack(first: str, second: str) -> Tensor:
    """`stack`."""
    return torch.stack([floats(first, 2), floats(second, 2)])


def stack_scalars(first: str, second: str) -> Tensor:
    """`stack` of 0-dim tensors, as losses are gathered."""
    return torch.stack([scalar(first), scalar(second)])


def hstack(first: str, second: str) -> Tensor:
    """`hstack`."""
    return torch.hstack([floats(first, 2), floats(second, 2)])


def block_diag(first: str, second: str) -> Any:
    """`block_diag`."""
    return torch.block_diag(floats(first, 2, 2), floats(second, 1, 1))  # type: ignore[no-untyped-call]


def meshgrid(first: str, second: str) -> tuple[Tensor, ...]:
    """`meshgrid`."""
    return tuple(torch.meshgrid(floats(first, 2), floats(second, 2), indexing="ij"))


def broadcast_tensors(first: str, second: str) -> tuple[Tensor, ...]:
    """`broadcast_tensors`, which only makes views."""
    return tuple(torch.broadcast_tensors(floats(first, 2, 1), floats(second, 2)))  # type: ignore[no-untyped-call]


def cartesian_prod(first: str, second: str) -> Tensor:
    """`cartesian_prod`."""
    return torch.cartesian_prod(floats(first, 2), floats(second, 2))


def pad(first: str, second: str) -> Tensor:
    """`pad_sequence`."""
    return pad_sequence([floats(first, 2), floats(second, 3)])


def chunked(data: str) -> tuple[Tensor, ...]:
    """`chunk`."""
    return tuple(floats(data, 4).chunk(2))


def repeat_interleave(data: str, repeats: str) -> Tensor:
    """`repeat_interleave` with a tensor of counts."""
    return floats(data, 2).repeat_interleave(torch.tensor([1, 2]).to(repeats))


def tensor_split(data: str, places: str) -> tuple[Tensor, ...]:
    """`tensor_split` by a tensor of places, which must be on the CPU."""
    return tuple(floats(data, 4).tensor_split(torch.tensor([1, 3]).to(places)))


PROGRAMS = (
    cat,
    cat_scalars,
    cat_empty,
    cat_out,
    stack,
    stack_scalars,
    hstack,
    block_diag,
    meshgrid,
    broadcast_tensors,
    cartesian_prod,
    pad,
    chunked,
    repeat_interleave,
    tensor_split,
)

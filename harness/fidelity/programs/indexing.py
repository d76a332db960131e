"""Indexing: reading and writing with indices and masks of another device."""

import torch
from torch import Tensor
from torch.nn import functional

from .made import floats, integers, mask, scalar


def read_by_index(data: str, index: str) -> Tensor:
    """`x[index]`."""
    return floats(data, 3, 2)[integers(index, 2, 0)]


def read_by_mask(data: str, where: str) -> Tensor:
    """`x[mask]`."""
    return floats(data, 2, 2)[mask(where, True, False)]


def read_by_scalar_index(data: str, index: str) -> Tensor:
    """`x[i]` with a 0-dim tensor."""
    return floats(data, 3)[torch.tensor(1).to(index)]


def read_by_two_indices(data: str, rows: str, columns: str) -> Tensor:
    """`x[i, j]` with indices that may differ from each other."""
    return floats(data, 3, 2)[integers(rows, 0, 2), integers(columns, 1, 0)]


def read_by_index_and_slice(data: str, index: str) -> Tensor:
    """`x[:, index, None]`."""
    return floats(data, 2, 3)[:, integers(index, 2, 0), None]


def write_by_index(data: str, index: str, value: str) -> Tensor:
    """`x[index] = value`."""
    x = floats(data, 3, 2)
    x[integers(index, 2, 0)] = floats(value, 2, 2)
    return x


def write_by_mask(data: str, where: str, value: str) -> Tensor:
    """`x[mask] = value`."""
    x = floats(data, 2, 2)
    x[mask(where, True, False)] = floats(value, 1, 2)
    return x


def write_scalar_by_mask(data: str, where: str, value: str) -> Tensor:
    """`x[mask] = 0-dim`."""
    x = floats(data, 2, 2)
    x[mask(where, True, False)] = scalar(value)
    return x


def write_number_by_mask(data: str, where: str) -> Tensor:
    """`x[mask] = 7`."""
    x = floats(data, 2, 2)
    x[mask(where, True, False)] = 7.0
    return x


def write_slice(data: str, value: str) -> Tensor:
    """`x[1:] = value`, which copies between devices."""
    x = floats(data, 3)
    x[1:] = floats(value, 2)
    return x


def write_element(data: str, value: str) -> Tensor:
    """`x[0] = 0-dim`."""
    x = floats(data, 3)
    x[0] = scalar(value)
    return x


def index_put_accumulate(data: str, index: str, value: str) -> Tensor:
    """`index_put_` that adds."""
    return floats(data, 3).index_put_((integers(index, 0, 0),), floats(value, 2), accumulate=True)


def index_select(data: str, index: str) -> Tensor:
    """`index_select`, which wants one device."""
    return floats(data, 3, 2).index_select(0, integers(index, 0))


def index_add(data: str, index: str, value: str) -> Tensor:
    """`index_add_`."""
    return floats(data, 3).index_add_(0, integers(index, 0, 2), floats(value, 2))


def index_fill(data: str, index: str, value: str) -> Tensor:
    """`index_fill_` with a 0-dim value."""
    return floats(data, 3).index_fill_(0, integers(index, 0), scalar(value))


def gather(data: str, index: str) -> Tensor:
    """`gather`."""
    return floats(data, 3).gather(0, integers(index, 1, 1))


def scatter(data: str, index: str, value: str) -> Tensor:
    """`scatter_`."""
    return floats(data, 3).scatter_(0, integers(index, 1, 2), floats(value, 2))


def take(data: str, index: str) -> Tensor:
    """`take`."""
    return floats(data, 3).take(integers(index, 2))


def take_along_dim(data: str, index: str) -> Tensor:
    """`take_along_dim`."""
    return floats(data, 3).take_along_dim(integers(index, 2, 1), 0)


def masked_fill(data: str, where: str, value: str) -> Tensor:
    """`masked_fill` with a 0-dim value."""
    return floats(data, 2).masked_fill(mask(where, True, False), scalar(value))


def masked_select(data: str, where: str) -> Tensor:
    """`masked_select`."""
    return floats(data, 2).masked_select(mask(where, True, False))


def masked_scatter(data: str, where: str, value: str) -> Tensor:
    """`masked_scatter_`, as multimodal models place image features."""
    return floats(data, 2).masked_scatter_(mask(where, True, False), floats(value, 1))


def embedding(weight: str, index: str) -> Tensor:
    """`embedding`."""
    return functional.embedding(integers(index, 0, 2), floats(weight, 3, 2))


def one_hot(index: str) -> Tensor:
    """`one_hot`."""
    return functional.one_hot(integers(index, 0, 2), 3)


def searchsorted(edges: str, values: str) -> Tensor:
    """`searchsorted`."""
    return torch.searchsorted(floats(edges, 4), floats(values, 2))


def searchsorted_scalar(edges: str, value: str) -> Tensor:
    """`searchsorted` of a 0-dim value."""
    return torch.searchsorted(floats(edges, 4), scalar(value))


def bucketize(values: str, edges: str) -> Tensor:
    """`bucketize`."""
    return torch.bucketize(floats(values, 2), floats(edges, 4))


PROGRAMS = (
    read_by_index,
    read_by_mask,
    read_by_scalar_index,
    read_by_two_indices,
    read_by_index_and_slice,
    write_by_index,
    write_by_mask,
    write_scalar_by_mask,
    write_number_by_mask,
    write_slice,
    write_element,
    index_put_accumulate,
    index_select,
    index_add,
    index_fill,
    gather,
    scatter,
    take,
    take_along_dim,
    masked_fill,
    masked_select,
    masked_scatter,
    embedding,
    one_hot,
    searchsorted,
    searchsorted_scalar,
    bucketize,
)

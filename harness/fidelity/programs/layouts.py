"""Layouts: sparse, nested and quantized tensors, and distributions."""

from typing import Any

import torch
from torch import Tensor
from torch.distributions import Categorical, Normal

from .made import floats, integers, scalar


def sparse_made(indices: str, values: str) -> Tensor:
    """`sparse_coo_tensor`."""
    return torch.sparse_coo_tensor(integers(indices, 0, 2)[None], floats(values, 2), (3,))


def sparse_made_elsewhere(indices: str, values: str, result: str) -> Tensor:
    """`sparse_coo_tensor(device=...)`."""
    return torch.sparse_coo_tensor(integers(indices, 0, 2)[None], floats(values, 2), (3,), device=result)


def sparse_matmul(sparse: str, dense: str) -> Any:
    """`sparse @ dense`."""
    return torch.sparse.mm(floats(sparse, 2, 2).to_sparse(), floats(dense, 2, 2))


def sparse_add(sparse: str, dense: str) -> Tensor:
    """`dense + sparse`."""
    return floats(dense, 2, 2) + floats(sparse, 2, 2).to_sparse()


def sparse_parts(data: str) -> tuple[Tensor, ...]:
    """Indices and values of a sparse tensor."""
    sparse = floats(data, 2, 2).to_sparse().coalesce()
    return sparse.indices(), sparse.values(), sparse.to_dense()


def sparse_moved(data: str, target: str) -> Tensor:
    """`.to` of a sparse tensor."""
    return floats(data, 2, 2).to_sparse().to(target)


def compressed_made(rows: str, columns: str, values: str) -> Tensor:
    """`sparse_csr_tensor`."""
    return torch.sparse_csr_tensor(integers(rows, 0, 1, 2), integers(columns, 0, 1), floats(values, 2), (2, 2))


def nested_made(first: str, second: str) -> Tensor:
    """`nested_tensor` of a list."""
    return torch.nested.nested_tensor([floats(first, 2), floats(second, 3)], layout=torch.jagged)


def nested_padded(first: str, second: str) -> Any:
    """`as_nested_tensor` and back to a padded one."""
    nested = torch.nested.as_nested_tensor([floats(first, 2), floats(second, 3)], layout=torch.jagged)
    return torch.nested.to_padded_tensor(nested, 0.0)


def quantized(data: str) -> Tensor:
    """`quantize_per_tensor`, and back."""
    return torch.quantize_per_tensor(floats(data, 2), 0.1, 0, torch.qint8).dequantize()


def fake_quantized(data: str, scale: str, zero: str) -> Tensor:
    """`fake_quantize_per_tensor_affine` with tensors."""
    point = torch.tensor(0, dtype=torch.int32).to(zero)
    return torch.fake_quantize_per_tensor_affine(floats(data, 2), scalar(scale), point, 0, 255)


def normal(mean: str, deviation: str) -> Any:
    """`Normal(...).sample()`."""
    return Normal(floats(mean, 2), floats(deviation, 2) + 1).sample()  # type: ignore[no-untyped-call]


def normal_of_scalars(mean: str, deviation: str, value: str) -> Any:
    """`Normal(0-dim, 0-dim).log_prob`."""
    return Normal(scalar(mean), scalar(deviation)).log_prob(floats(value, 2))  # type: ignore[no-untyped-call]


def categorical(logits: str, value: str) -> Any:
    """`Categorical(...).log_prob`."""
    return Categorical(logits=floats(logits, 2, 3)).log_prob(integers(value, 0, 2))  # type: ignore[no-untyped-call]


PROGRAMS = (
    sparse_made,
    sparse_made_elsewhere,
    sparse_matmul,
    sparse_add,
    sparse_parts,
    sparse_moved,
    compressed_made,
    nested_made,
    nested_padded,
    quantized,
    fake_quantized,
    normal,
    normal_of_scalars,
    categorical,
)

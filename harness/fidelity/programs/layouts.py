"""Layouts: sparse, nested and quantized tensors, and distributions."""

from typing import Any

import torch
from torch import Tensor
from torch.distributions import Bernoulli, Categorical, MixtureSameFamily, MultivariateNormal, Normal, kl_divergence

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


def strided_nested(first: str, second: str) -> Any:
    """`nested_tensor` in the strided layout, and its parts again."""
    return torch.nested.nested_tensor([floats(first, 2), floats(second, 3)]).unbind()


def nested_linear(module: str, first: str) -> Any:
    """A linear layer over a jagged tensor."""
    nested = torch.nested.nested_tensor([floats(first, 1, 2), floats(first, 3, 2)], layout=torch.jagged)
    return torch.nn.Linear(2, 2).to(module)(nested).values()


def nested_moved(first: str, target: str) -> Any:
    """A jagged tensor and its move."""
    nested = torch.nested.nested_tensor([floats(first, 1), floats(first, 2)], layout=torch.jagged).to(target)
    return [nested.device, nested.values(), nested.offsets()]  # type: ignore[attr-defined]


def nested_of_offsets(values: str, offsets: str) -> Any:
    """`nested_tensor_from_jagged`."""
    nested = torch.nested.nested_tensor_from_jagged(floats(values, 3, 2), integers(offsets, 0, 1, 3))
    return (nested * 2).values()


def compressed_times(sparse: str, dense: str) -> Any:
    """`csr @ dense`."""
    return floats(sparse, 2, 2).to_sparse_csr() @ floats(dense, 2, 2)


def sparse_softmax(data: str) -> Any:
    """`sparse.softmax`."""
    return torch.sparse.softmax(floats(data, 2, 2).to_sparse(), 1).to_dense()


def sparse_gradient(weight: str, index: str) -> Any:
    """`Embedding(sparse=True)`, whose gradient is sparse."""
    held = torch.nn.Embedding(3, 2, sparse=True).to(weight)
    held(integers(index, 0, 2)).sum().backward()
    return held.weight.grad


def complex_of_parts(real: str, imaginary: str) -> Tensor:
    """`torch.complex`."""
    return torch.complex(floats(real, 2), floats(imaginary, 2))


def polar(length: str, angle: str) -> Tensor:
    """`torch.polar`, as rotary tables are made."""
    return torch.view_as_real(torch.polar(floats(length, 2), floats(angle, 2)))


def complex_times(data: str, table: str) -> Tensor:
    """A rotary table times a query."""
    turned = torch.view_as_complex(floats(data, 2, 2)) * torch.polar(floats(table, 2) + 1, floats(table, 2))
    return torch.view_as_real(turned)


def gaussian(mean: str, covariance: str) -> Any:
    """`MultivariateNormal`."""
    made = MultivariateNormal(floats(mean, 2), torch.eye(2).to(covariance))
    return made.rsample()


def bernoulli(logits: str, value: str) -> Any:
    """`Bernoulli(...).log_prob`."""
    return Bernoulli(logits=floats(logits, 2)).log_prob(floats(value, 2))  # type: ignore[no-untyped-call]


def mixture(weights: str, means: str, value: str) -> Any:
    """`MixtureSameFamily`."""
    parts = Normal(floats(means, 2), 1.0)
    made = MixtureSameFamily(Categorical(logits=floats(weights, 2)), parts)
    return made.log_prob(scalar(value))  # type: ignore[no-untyped-call]


def divergence_of(first: str, second: str) -> Any:
    """`kl_divergence`."""
    one, two = (Normal(floats(place, 2), floats(place, 2) + 1) for place in (first, second))
    return kl_divergence(one, two)


def quantized_moved(data: str, target: str) -> Tensor:
    """A quantized tensor and its move."""
    return torch.quantize_per_tensor(floats(data, 2), 0.1, 0, torch.qint8).to(target)


def quantized_by_tensors(data: str, scale: str) -> Tensor:
    """`quantize_per_channel` with a tensor of scales."""
    scales, zeros = floats(scale, 2) + 1, torch.zeros(2, dtype=torch.int64).to(scale)
    return torch.quantize_per_channel(floats(data, 2, 2), scales, zeros, 0, torch.qint8).dequantize()


def channels_last(data: str, target: str) -> Tensor:
    """A move with a memory format."""
    return floats(data, 1, 2, 2, 2).to(target, memory_format=torch.channels_last)


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
    strided_nested,
    nested_linear,
    nested_moved,
    nested_of_offsets,
    compressed_times,
    sparse_softmax,
    sparse_gradient,
    complex_of_parts,
    polar,
    complex_times,
    gaussian,
    bernoulli,
    mixture,
    divergence_of,
    quantized_moved,
    quantized_by_tensors,
    channels_last,
)

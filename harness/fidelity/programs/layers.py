"""Layers: weights, inputs, masks and running statistics on different devices."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from .made import floats, integers, mask


def matmul(first: str, second: str) -> Tensor:
    """`@`."""
    return floats(first, 2, 2) @ floats(second, 2, 2)


def einsum(first: str, second: str) -> Tensor:
    """`einsum`."""
    return torch.einsum("ij,jk->ik", floats(first, 2, 2), floats(second, 2, 2))


def linear(x: str, weight: str, bias: str) -> Tensor:
    """`linear`."""
    return functional.linear(floats(x, 1, 2), floats(weight, 3, 2), floats(bias, 3))


def linear_of_sequence(x: str, weight: str, bias: str) -> Tensor:
    """`linear` of three dimensions, which takes another path."""
    return functional.linear(floats(x, 2, 2, 2), floats(weight, 3, 2), floats(bias, 3))


def linear_module(module: str, x: str) -> Tensor:
    """A module and its input."""
    out: Tensor = nn.Linear(2, 3).to(module)(floats(x, 1, 2))
    return out


def conv1d(x: str, weight: str, bias: str) -> Tensor:
    """`conv1d`."""
    return functional.conv1d(floats(x, 1, 2, 4), floats(weight, 3, 2, 2), floats(bias, 3))


def conv2d(x: str, weight: str, bias: str) -> Tensor:
    """`conv2d`."""
    return functional.conv2d(floats(x, 1, 1, 3, 3), floats(weight, 2, 1, 2, 2), floats(bias, 2))


def batch_norm(x: str, mean: str, variance: str, weight: str) -> Tensor:
    """`batch_norm` in training, which writes its statistics."""
    return functional.batch_norm(
        floats(x, 3, 2), floats(mean, 2), floats(variance, 2), floats(weight, 2), training=True
    )


def layer_norm(x: str, weight: str, bias: str) -> Tensor:
    """`layer_norm`."""
    return functional.layer_norm(floats(x, 2, 2), (2,), floats(weight, 2), floats(bias, 2))


def rms_norm(x: str, weight: str) -> Tensor:
    """`rms_norm`."""
    return functional.rms_norm(floats(x, 2, 2), (2,), floats(weight, 2))


def prelu(x: str, weight: str) -> Tensor:
    """`prelu`."""
    return functional.prelu(floats(x, 2), floats(weight, 1))


def attention(query: str, key: str, value: str, where: str) -> Tensor:
    """`scaled_dot_product_attention` with a mask."""
    q, k, v = (floats(place, 1, 1, 2, 4) for place in (query, key, value))
    return functional.scaled_dot_product_attention(q, k, v, attn_mask=mask(where, True, True)[None])


def multihead_attention(module: str, x: str) -> Tensor:
    """`nn.MultiheadAttention`."""
    held = nn.MultiheadAttention(4, 2, batch_first=True).to(module)
    x_there = floats(x, 1, 2, 4)
    out: Tensor = held(x_there, x_there, x_there)[0]
    return out


def encoder_layer(module: str, x: str, padding: str) -> Tensor:
    """`nn.TransformerEncoderLayer` in evaluation, which has a fast path."""
    held = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True).to(module).eval()
    with torch.inference_mode():
        out: Tensor = held(floats(x, 1, 2, 4), src_key_padding_mask=mask(padding, False, True)[None])
    return out


def embedding_bag(weight: str, index: str, offsets: str) -> Tensor:
    """`embedding_bag`."""
    return functional.embedding_bag(integers(index, 0, 2, 1), floats(weight, 3, 2), integers(offsets, 0, 2))


def dropout(data: str) -> Tensor:
    """`dropout`."""
    return functional.dropout(floats(data, 4))


def grid_sample(image: str, grid: str) -> Tensor:
    """`grid_sample`."""
    return functional.grid_sample(floats(image, 1, 1, 2, 2), floats(grid, 1, 1, 1, 2), align_corners=False)


def fft(data: str) -> Any:
    """`rfft`."""
    return torch.fft.rfft(floats(data, 4))


def stft(data: str, window: str) -> Tensor:
    """`stft` with a window made elsewhere."""
    return torch.stft(floats(data, 8), 4, window=floats(window, 4), return_complex=True)


PROGRAMS = (
    matmul,
    einsum,
    linear,
    linear_of_sequence,
    linear_module,
    conv1d,
    conv2d,
    batch_norm,
    layer_norm,
    rms_norm,
    prelu,
    attention,
    multihead_attention,
    encoder_layer,
    embedding_bag,
    dropout,
    grid_sample,
    fft,
    stft,
)

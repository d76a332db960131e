"""Illegal mixes: what CUDA and MPS refuse, the virtual device refuses, whichever side the stray is on."""

import pytest
import torch
import torch.nn.functional as F

SAME = "same device|MPS device"

# name: (call, words), where `d` makes tensors on the device and on the CPU.
TWO_TENSORS = {
    "add": lambda d: d.there(3) + d.here(3),
    "add reversed": lambda d: d.here(3) + d.there(3),
    "add broadcast": lambda d: d.there(2, 3) * d.here(1, 1),
    "add one-element": lambda d: d.there(2, 3) + d.here(1),
    "compare": lambda d: d.there(3) == d.here(3),
    "maximum": lambda d: torch.maximum(d.there(3), d.here(3)),
    "lerp": lambda d: torch.lerp(d.there(3), d.there(3), d.here(3)),
    "addcmul": lambda d: torch.addcmul(d.there(3), d.there(3), d.here(3)),
    "in place": lambda d: d.there(3).add_(d.here(3)),
    "in place into the CPU": lambda d: d.here(3).mul_(d.there(3)),
    "0-dim target": lambda d: d.here().add_(d.there()),
    "device scalar meets CPU": lambda d: d.here(3) + d.there(),
    "clamp with a tensor": lambda d: d.there(3).clamp(min=d.here(3)),
    "logical": lambda d: d.mask_there(3) & d.mask_here(3),
    "where condition": lambda d: torch.where(d.mask_here(3), d.there(3), d.there(3)),
    "where branch": lambda d: torch.where(d.mask_there(3), d.there(3), d.here(3)),
    "masked_fill mask": lambda d: d.there(3).masked_fill(d.mask_here(3), 0.0),
    "matmul": lambda d: d.there(2, 3) @ d.here(3, 2),
    "bmm": lambda d: torch.bmm(d.here(1, 2, 3), d.there(1, 3, 2)),
    "addmm bias": lambda d: torch.addmm(d.here(2), d.there(2, 3), d.there(3, 2)),
    "dot": lambda d: torch.dot(d.there(3), d.here(3)),
    "einsum": lambda d: torch.einsum("ij,jk", d.there(2, 3), d.here(3, 2)),
    "linear weight": lambda d: F.linear(d.there(2, 3), d.here(4, 3)),
    "linear bias": lambda d: F.linear(d.there(2, 3), d.there(4, 3), d.here(4)),
    "cat": lambda d: torch.cat([d.there(2), d.here(2)]),
    "cat second": lambda d: torch.cat([d.there(2), d.there(2), d.here(2)]),
    "stack": lambda d: torch.stack([d.there(2), d.here(2)]),
    "hstack": lambda d: torch.hstack([d.here(2), d.there(2)]),
    "gather": lambda d: d.there(3).gather(0, d.index_here(2)),
    "gather from the CPU": lambda d: d.here(3).gather(0, d.index_there(2)),
    "scatter index": lambda d: d.there(3).scatter(0, d.index_here(2), 1.0),
    "scatter source": lambda d: d.there(3).scatter(0, d.index_there(2), d.here(2)),
    "scatter_add": lambda d: d.there(3).scatter_add_(0, d.index_here(2), d.there(2)),
    "index_select": lambda d: d.there(3).index_select(0, d.index_here(2)),
    "index_add": lambda d: d.there(3).index_add(0, d.index_there(2), d.here(2)),
    "index_copy": lambda d: d.there(3).index_copy(0, d.index_there(1), d.here(1)),
    "take": lambda d: d.there(3).take(d.index_here(2)),
    "masked_select": lambda d: d.there(3).masked_select(d.mask_here(3)),
    "embedding weight": lambda d: F.embedding(d.index_there(2), d.here(3, 4)),
    "embedding index": lambda d: F.embedding(d.index_here(2), d.there(3, 4)),
    "embedding_bag": lambda d: F.embedding_bag(d.index_here(1, 2), d.there(3, 4)),
    "layer_norm": lambda d: F.layer_norm(d.there(2, 3), (3,), d.here(3), d.here(3)),
    "batch_norm statistics": lambda d: F.batch_norm(d.there(2, 3), d.here(3), d.here(3)),
    "cross_entropy": lambda d: F.cross_entropy(d.there(2, 3), d.index_here(2)),
    "cross_entropy weight": lambda d: F.cross_entropy(d.there(2, 3), d.index_there(2), d.here(3)),
    "mse_loss": lambda d: F.mse_loss(d.there(3), d.here(3)),
    "binary_cross_entropy": lambda d: F.binary_cross_entropy(d.there(3), d.here(3)),
    "with_logits": lambda d: F.binary_cross_entropy_with_logits(d.there(3), d.here(3)),
    "nll_loss": lambda d: F.nll_loss(d.there(2, 3), d.index_here(2)),
    "attention": lambda d: F.scaled_dot_product_attention(d.there(1, 2, 4), d.here(1, 2, 4), d.there(1, 2, 4)),
    "searchsorted": lambda d: torch.searchsorted(d.there(3), d.here(3)),
    "out=": lambda d: torch.add(d.there(3), d.there(3), out=d.here(3)),
    "foreach": lambda d: torch._foreach_add([d.there(2)], [d.here(2)]),
    "cdist": lambda d: torch.cdist(d.there(2, 3), d.here(2, 3)),
    "solve": lambda d: torch.linalg.solve(torch.eye(2, device=d.place), d.here(2)),
    "bincount weights": lambda d: torch.bincount(d.index_there(3), d.here(3)),
    "equal": lambda d: torch.equal(d.there(3), d.here(3)),
    "allclose": lambda d: torch.allclose(d.there(3), d.here(3)),
    "grid_sample": lambda d: F.grid_sample(d.there(1, 1, 2, 2), d.here(1, 2, 2, 2), align_corners=False),
    "functional after a move": lambda d: F.linear(
        d.there(2, 3).detach().requires_grad_(), d.here(4, 3).requires_grad_()
    ),
}


@pytest.mark.parametrize("call", TWO_TENSORS.values(), ids=TWO_TENSORS)
def test_two_devices(mixed, call):
    with pytest.raises(RuntimeError, match=SAME):
        call(mixed)


OTHER_WORDS = {
    "index on the device": (lambda d: d.here(3)[d.index_there(2)], "indices should be either on cpu or on the same"),
    "mask on the device": (lambda d: d.here(3)[d.mask_there(3)], "indices should be either on cpu or on the same"),
    "conv weight": (lambda d: F.conv1d(d.there(1, 2, 4), d.here(2, 2, 3)), "weight type|MPS device"),
    "conv input": (lambda d: F.conv2d(d.here(1, 1, 4, 4), d.there(1, 1, 2, 2)), "weight type|MPS device"),
    "conv bias": (lambda d: F.conv1d(d.there(1, 2, 4), d.there(2, 2, 3), d.here(2)), "bias type|MPS device"),
    "transposed conv": (lambda d: F.conv_transpose1d(d.there(1, 2, 4), d.here(2, 2, 3)), "weight type|MPS device"),
    "meshgrid": (lambda d: torch.meshgrid(d.there(2), d.here(3), indexing="ij"), "same device"),
    "tensor_split": (lambda d: d.there(4).tensor_split(d.index_there(2)), "to be on cpu, but it's on"),
    "packed lengths": (
        lambda d: torch.nn.utils.rnn.pack_padded_sequence(d.there(2, 2, 1), d.index_there(2) + 1, enforce_sorted=False),
        "'lengths' argument should be a 1D CPU int64 tensor",
    ),
    "generator": (
        lambda d: torch.randn(2, device=d.place, generator=torch.Generator()),
        "device type for generator but found 'cpu'",
    ),
    "generator of the device": (
        lambda d: torch.randn(2, generator=torch.Generator(d.place)),
        "Expected a 'cpu' device type for generator",
    ),
    "generator in place": (
        lambda d: d.there(2).normal_(generator=torch.Generator()),
        "device type for generator but found 'cpu'",
    ),
    "multinomial generator": (
        lambda d: torch.multinomial(d.there(3) + 1, 1, generator=torch.Generator()),
        "device type for generator but found 'cpu'",
    ),
    "gradient from elsewhere": (
        lambda d: setattr(torch.nn.Parameter(d.there(2)), "grad", d.here(2)),
        "assign a gradient",
    ),
    "gradient given": (
        lambda d: (d.there(2).requires_grad_() * 2).backward(d.here(2)),
        "same device|invalid gradient|MPS device",
    ),
}


@pytest.mark.parametrize(("call", "words"), OTHER_WORDS.values(), ids=OTHER_WORDS)
def test_other_words(mixed, call, words):
    with pytest.raises((RuntimeError, TypeError), match=words):
        call(mixed)


NUMPY = {
    "numpy": lambda t: t.numpy(),
    "__array__": lambda t: t.__array__(),
    "asarray": lambda t: __import__("numpy").asarray(t),
    "array": lambda t: __import__("numpy").array([t, t]),
    "ufunc": lambda t: __import__("numpy").exp(t),
}


@pytest.mark.parametrize("call", NUMPY.values(), ids=NUMPY)
def test_numpy(mixed, call):
    with pytest.raises(TypeError, match=f"can't convert {mixed.place.partition(':')[0]}.* device type tensor to numpy"):
        call(mixed.there(3))


LAYERS = {
    "lstm state": lambda d: torch.nn.LSTM(2, 3).to(d.place)(d.there(4, 1, 2), (d.here(1, 1, 3), d.here(1, 1, 3))),
    "lstm input": lambda d: torch.nn.LSTM(2, 3).to(d.place)(d.here(4, 1, 2)),
    "gru input": lambda d: torch.nn.GRU(2, 3).to(d.place)(d.here(4, 1, 2)),
    "linear input": lambda d: torch.nn.Linear(3, 2).to(d.place)(d.here(2, 3)),
    "linear on the CPU": lambda d: torch.nn.Linear(3, 2)(d.there(2, 3)),
    "multi-head attention": lambda d: torch.nn.MultiheadAttention(4, 2)(*[d.there(2, 1, 4)] * 3),
    "attention mask": lambda d: torch.nn.MultiheadAttention(4, 2).to(d.place)(
        *[d.there(2, 1, 4)] * 3, attn_mask=d.here(2, 2)
    ),
    "bilinear": lambda d: torch.nn.Bilinear(2, 2, 1).to(d.place)(d.there(1, 2), d.here(1, 2)),
    "prelu": lambda d: torch.nn.PReLU()(d.there(3)),
}


@pytest.mark.parametrize("call", LAYERS.values(), ids=LAYERS)
def test_layers(mixed, call):
    with pytest.raises(RuntimeError, match=f"{SAME}|hidden tensors are not at the same device|Input and"):
        call(mixed)


@pytest.mark.parametrize("call", TWO_TENSORS.values(), ids=TWO_TENSORS)
def test_inference_mode(mixed, call):
    with torch.inference_mode(), pytest.raises(RuntimeError, match=SAME):
        call(mixed)

"""Tensors without a plain storage: sparse, quantised, nested, meta, complex views, other dtypes."""

import pytest
import torch
from torch import nn


@pytest.mark.filterwarnings("ignore:Sparse:UserWarning")
@pytest.mark.parametrize("layout", [torch.sparse_coo, torch.sparse_csr, torch.sparse_csc])
def test_sparse(same, layout):
    def program(d):
        dense = torch.eye(3, device=d) * 2
        sparse = dense.to_sparse(layout=layout)
        return sparse @ dense, sparse.to_dense(), sparse.values(), (sparse * 2).to_dense()

    same(program)


@pytest.mark.filterwarnings("ignore:Sparse:UserWarning")
def test_sparse_moves_and_sums(same):
    def program(d):
        indices = torch.tensor([[0, 0], [1, 1]])
        sparse = torch.sparse_coo_tensor(indices, torch.ones(2), (3, 3)).to(d)
        there = torch.sparse_coo_tensor(indices.to(d), torch.ones(2, device=d), (3, 3))
        return sparse.coalesce().values(), there.to_dense(), torch.sparse.sum(sparse), sparse.cpu().to(d).to_dense()

    same(program)


def test_sparse_gradients(same):
    def program(d):
        layer = nn.Embedding(4, 2, sparse=True).to(d)
        layer(torch.tensor([1, 3], device=d)).sum().backward()
        torch.optim.SparseAdam(layer.parameters()).step()
        return layer.weight.grad.to_dense(), layer.weight

    same(program)


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested")
def test_nested(same):
    def program(d):
        nested = torch.nested.nested_tensor([torch.arange(2.0, device=d), torch.arange(3.0, device=d)])
        return nested.to_padded_tensor(0.0), list((nested * 2).unbind()), list(nested.cpu().to(d).unbind())

    same(program)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_quantised(same):
    def program(d):
        return torch.quantize_per_tensor(torch.arange(3.0, device=d), 0.1, 0, torch.qint8).dequantize()

    same(program)


def test_meta_stays_meta(place):
    layer = nn.Linear(2, 2, device="meta")
    assert layer.weight.is_meta
    assert torch.empty_like(layer.weight).device.type == "meta"
    assert (layer(torch.ones(1, 2, device="meta"))).device.type == "meta"
    assert torch.ones(2, device=place).to("meta").is_meta


@pytest.mark.parametrize("ways", ["to_empty", "empty_like", "load", "assign"])
def test_meta_models_become_real(same, ways):
    def program(d):
        with torch.device("meta"):
            layer = nn.Linear(2, 2)
        weights = {"weight": torch.ones(2, 2), "bias": torch.ones(2)}
        if ways == "assign":
            layer.load_state_dict({k: w.to(d) for k, w in weights.items()}, assign=True)
        elif ways == "empty_like":
            layer = layer._apply(lambda t: torch.empty_like(t, device=d))
            layer.load_state_dict(weights)
        else:
            layer.to_empty(device=d).load_state_dict(weights)
        return layer(torch.ones(1, 2, device=d)), list(layer.parameters())

    same(program)


def test_complex_and_half(same):
    def program(d):
        z = torch.view_as_complex(torch.arange(4.0, device=d).view(2, 2))
        return z.real, z.imag, z.conj() * z, torch.view_as_real(z), z.abs().half(), z.real.bfloat16() * 2, z.real.bool()

    same(program)


def test_fourier_transforms(same):
    def program(d):
        x = torch.arange(64.0, device=d)
        window = torch.hann_window(16, device=d)
        spectrum = torch.stft(x, 16, window=window, return_complex=True)
        bare = torch.stft(x, 16, window=torch.ones(16, device=d), return_complex=True)
        return (
            spectrum,
            bare,
            torch.istft(spectrum, 16, window=window),
            torch.fft.irfft(torch.fft.rfft(x)),
            torch.fft.fftfreq(4, device=d),
        )

    same(program)


@pytest.mark.filterwarnings("ignore:Sparse:UserWarning")
@pytest.mark.parametrize("layout", [torch.sparse_coo, torch.sparse_csr])
def test_a_transposed_sparse_tensor_stays_where_it_was(same, layout):
    def program(d):
        sparse = (torch.eye(3, device=d) * 2).to_sparse(layout=layout)
        turned = sparse.t()
        return torch.sparse.mm(turned, torch.ones(3, 2, device=d)), turned.detach().to_dense()

    same(program)


def test_backward_through_a_sparse_product(same):
    def program(d):
        graph = torch.sparse_coo_tensor(torch.tensor([[0, 1], [1, 2]]), torch.ones(2), (3, 3)).coalesce().to(d)
        x = torch.ones(3, 2, device=d, requires_grad=True)
        torch.sparse.mm(graph, x).sum().backward()
        return x.grad

    same(program)


@pytest.mark.filterwarnings("ignore:Sparse:UserWarning")
def test_a_transposed_sparse_tensor_of_the_host_is_refused(place):
    graph = torch.eye(3).to_sparse()
    with pytest.raises(RuntimeError, match=r"same device|Placeholder storage"):
        torch.sparse.mm(graph.t(), torch.ones(3, 2, device=place))

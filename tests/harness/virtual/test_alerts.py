"""Deterministic algorithms on a virtual CUDA device: what raises there is what PyTorch documents."""

import re

import pytest
import torch
from torch.nn import functional as F

import samedevice
from samedevice.harness.virtual.alerts import KERNELS, alert_of


def leaf(*shape):
    return torch.randn(*shape, device="cuda", requires_grad=True)


def zeros(*shape):
    return torch.zeros(*shape, device="cuda", dtype=torch.int64)


def back(tensor):
    tensor.sum().backward()


# What `torch.use_deterministic_algorithms` says raises on CUDA -> a call of it, and the kernel that it names.
DOCUMENTED = {
    "AvgPool3d": (lambda: back(F.avg_pool3d(leaf(1, 1, 4, 4, 4), 2)), "avg_pool3d_backward_cuda"),
    "AdaptiveAvgPool2d": (
        lambda: back(F.adaptive_avg_pool2d(leaf(1, 2, 4, 4), 2)),
        "adaptive_avg_pool2d_backward_cuda",
    ),
    "AdaptiveAvgPool3d": (
        lambda: back(F.adaptive_avg_pool3d(leaf(1, 2, 4, 4, 4), 2)),
        "adaptive_avg_pool3d_backward_cuda",
    ),
    "AdaptiveMaxPool2d": (
        lambda: back(F.adaptive_max_pool2d(leaf(1, 2, 4, 4), 2)),
        "adaptive_max_pool2d_backward_cuda",
    ),
    "FractionalMaxPool2d": (
        lambda: back(F.fractional_max_pool2d(leaf(1, 2, 4, 4), 2, output_size=2)),
        "fractional_max_pool2d_backward_cuda",
    ),
    "FractionalMaxPool3d": (
        lambda: back(F.fractional_max_pool3d(leaf(1, 2, 4, 4, 4), 2, output_size=2)),
        "fractional_max_pool3d_backward_cuda",
    ),
    "MaxUnpool1d": (lambda: F.max_unpool1d(leaf(1, 1, 4), zeros(1, 1, 4), 2), "max_unpooling2d_forward_out"),
    "MaxUnpool2d": (lambda: F.max_unpool2d(leaf(1, 1, 4, 4), zeros(1, 1, 4, 4), 2), "max_unpooling2d_forward_out"),
    "MaxUnpool3d": (
        lambda: F.max_unpool3d(leaf(1, 1, 2, 2, 2), zeros(1, 1, 2, 2, 2), 2),
        "max_unpooling3d_forward_out",
    ),
    "interpolate linear": (
        lambda: back(F.interpolate(leaf(1, 1, 4), 8, mode="linear")),
        "upsample_linear1d_backward_out_cuda",
    ),
    "interpolate bicubic": (
        lambda: back(F.interpolate(leaf(1, 1, 4, 4), 8, mode="bicubic")),
        "upsample_bicubic2d_backward_out_cuda",
    ),
    "ReflectionPad1d": (
        lambda: back(F.pad(leaf(1, 1, 4), (1, 1), mode="reflect")),
        "reflection_pad1d_backward_out_cuda",
    ),
    "ReflectionPad2d": (
        lambda: back(F.pad(leaf(1, 1, 4, 4), (1, 1, 1, 1), mode="reflect")),
        "reflection_pad2d_backward_cuda",
    ),
    "ReflectionPad3d": (
        lambda: back(F.pad(leaf(1, 1, 4, 4, 4), (1, 1, 1, 1, 1, 1), mode="reflect")),
        "reflection_pad3d_backward_out_cuda",
    ),
    "NLLLoss": (lambda: F.nll_loss(leaf(1, 2, 4, 4), zeros(1, 4, 4)), "nll_loss2d_forward_out_cuda_template"),
    "CTCLoss": (
        lambda: F.ctc_loss(
            leaf(5, 1, 4).log_softmax(2), zeros(1, 2) + 1, torch.tensor([5]), torch.tensor([2])
        ).backward(),
        "ctc_loss_backward_gpu",
    ),
    "EmbeddingBag": (
        lambda: back(F.embedding_bag(zeros(1, 2), leaf(5, 3), mode="max")),
        "embedding_bag_backward_cuda_max",
    ),
    "put_": (lambda: torch.zeros(4, device="cuda").put_(zeros(1), torch.ones(1, device="cuda")), "put_"),
    "histc": (lambda: torch.histc(torch.ones(4, device="cuda")), "_histc_cuda"),
    "bincount": (lambda: torch.bincount(zeros(3), weights=torch.ones(3, device="cuda")), "_bincount_cuda"),
    "median": (lambda: torch.ones(3, device="cuda").median(0), "median CUDA with indices output"),
    "grid_sample": (
        lambda: back(F.grid_sample(leaf(1, 1, 4, 4), torch.zeros(1, 3, 3, 2, device="cuda"), align_corners=False)),
        "grid_sampler_2d_backward_cuda",
    ),
    "cumsum": (lambda: torch.ones(3, device="cuda").cumsum(0), "cumsum_cuda_kernel"),
    "scatter_reduce": (
        lambda: torch.ones(3, device="cuda").scatter_reduce(0, zeros(3), torch.ones(3, device="cuda"), "prod"),
        "scatter_reduce_cuda_prod_",
    ),
}
QUIET = {
    "cumsum of integers": lambda: zeros(3).cumsum(0),
    "median without indices": lambda: torch.ones(3, device="cuda").median(),
    "bincount without weights": lambda: torch.bincount(zeros(3)),
    "a bag of sums": lambda: back(F.embedding_bag(zeros(1, 2), leaf(5, 3), mode="sum")),
    "scatter_reduce of sums": lambda: torch.ones(3, device="cuda").scatter_reduce(
        0, zeros(3), torch.ones(3, device="cuda"), "sum"
    ),
    "index_add": lambda: torch.ones(3, device="cuda").index_add(0, zeros(3), torch.ones(3, device="cuda")),
    "replication": lambda: back(F.pad(leaf(1, 1, 4, 4), (1, 1, 1, 1), mode="replicate")),
    # `F.interpolate` itself takes another way then.
    "interpolate bilinear": lambda: back(F.interpolate(leaf(1, 1, 4, 4), 8, mode="bilinear")),
    "a forward that needs no gradient": lambda: F.avg_pool3d(torch.ones(1, 1, 4, 4, 4, device="cuda"), 2),
    "a loss of each pixel": lambda: F.nll_loss(leaf(1, 2, 4, 4), zeros(1, 4, 4), reduction="none"),
}


@pytest.fixture
def deterministic():
    torch.use_deterministic_algorithms(True)
    yield
    torch.use_deterministic_algorithms(False)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_what_pytorch_documents_raises(deterministic, name):
    call, kernel = DOCUMENTED[name]
    words = (
        f"{kernel} does not have a deterministic implementation, but you set 'torch.use_deterministic_algorithms(True)'"
    )
    with samedevice.virtual("cuda"), pytest.raises(RuntimeError, match=re.escape(words)):
        call()


@pytest.mark.parametrize("name", QUIET)
def test_what_it_does_not_is_left_alone(deterministic, name):
    with samedevice.virtual("cuda"):
        QUIET[name]()


def test_the_documentation_names_what_is_asked_here():
    """PyTorch's own text, which changes with its version."""
    raising = torch.use_deterministic_algorithms.__doc__.partition("will throw a")[2]
    assert [name for name in DOCUMENTED if name.split()[0] not in raising] == []


def test_without_the_setting_nothing_raises():
    with samedevice.virtual("cuda"):
        for call, _ in DOCUMENTED.values():
            call()


def test_a_warning_where_only_that_is_wanted():
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        with samedevice.virtual("cuda"), pytest.warns(UserWarning, match="cumsum_cuda_kernel .* warn_only=True"):
            torch.ones(3, device="cuda").cumsum(0)
    finally:
        torch.use_deterministic_algorithms(False)


@pytest.mark.parametrize("kind", ["mps", "xpu"])
def test_other_devices_are_not_asked(deterministic, kind):
    with samedevice.virtual(kind):
        torch.ones(3, device=kind).cumsum(0)


def test_every_operator_of_the_table_exists():
    for operator in KERNELS:
        base, _, overload = operator.partition(".")
        assert (overload or "default") in getattr(torch.ops.aten, base).overloads()
        assert alert_of(operator) == operator
    assert alert_of("grid_sampler_2d") == "grid_sampler_2d_backward"
    assert alert_of("mm") is None

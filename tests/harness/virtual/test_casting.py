"""Autocast: the dtypes of CUDA's lists, not of the CPU's, and only for what is on the device."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

import samedevice
from samedevice.harness.virtual.casting import Policy, _policies

HALF = {
    "linear": lambda x: F.linear(x, x),
    "matmul": lambda x: x @ x,
    "attention": lambda x: F.scaled_dot_product_attention(x[None], x[None], x[None]),
    "conv": lambda x: F.conv1d(x[None], x[:, :, None]),
}
SINGLE = {
    "softmax": lambda x: x.bfloat16().softmax(-1),
    "layer norm": lambda x: F.layer_norm(x.bfloat16(), (2,)),
    "exp": lambda x: x.bfloat16().exp(),
    "power": lambda x: x.bfloat16() ** 2,
    "sum": lambda x: x.bfloat16().sum(),
    "norm": lambda x: x.bfloat16().norm(),
    "cross entropy": lambda x: F.cross_entropy(x.bfloat16(), torch.zeros(2, dtype=torch.long, device=x.device)),
}
UNTOUCHED = {
    "gelu": lambda x: F.gelu(x.bfloat16()),
    "mean": lambda x: x.bfloat16().mean(),
    "pool": lambda x: F.avg_pool3d(x.bfloat16()[None, None, None], 1),
    "asked": lambda x: x.bfloat16().sum(dtype=torch.bfloat16),
}


@pytest.fixture(params=["cuda", "xpu"])
def x(request):
    with samedevice.virtual(request.param), torch.autocast(request.param, dtype=torch.bfloat16):
        yield torch.tensor([[1.0, 2.0], [3.0, 4.0]], device=request.param)


@pytest.mark.parametrize("name", HALF)
def test_in_half_precision(x, name):
    assert HALF[name](x).dtype is torch.bfloat16


@pytest.mark.parametrize("name", SINGLE)
def test_in_single_precision(x, name):
    assert SINGLE[name](x).dtype is torch.float32


@pytest.mark.parametrize("name", UNTOUCHED)
def test_left_alone(x, name):
    assert UNTOUCHED[name](x).dtype is torch.bfloat16


def test_what_is_on_the_host_is_not_cast(x):
    assert (x.cpu() @ x.cpu()).dtype is torch.float32
    assert nn.Linear(2, 2)(x.cpu()).dtype is torch.float32


def test_double_precision_is_not_cast(x):
    assert (x.double() @ x.double()).dtype is torch.float64


def test_unsafe_losses_are_refused(x):
    with pytest.raises(RuntimeError, match="unsafe to autocast"):
        F.binary_cross_entropy(x.sigmoid(), x.sigmoid())


def test_gradients_are_the_parameters_type(x):
    layer = nn.Linear(2, 2).to(x.device)
    layer(x).softmax(-1).square().sum().backward()
    assert layer.weight.grad.dtype is torch.float32
    assert layer.weight.grad.device == x.device


def test_autocast_of_the_cpu_is_the_cpus():
    with samedevice.virtual("cuda"):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype is torch.bfloat16
        with torch.autocast("cuda", enabled=False):
            assert (torch.ones(2, 2, device="cuda") @ torch.ones(2, 2, device="cuda")).dtype is torch.float32
        assert not torch.is_autocast_enabled("cpu")


def test_every_listed_operator_that_python_can_call_has_its_policy():
    found = _policies()
    for function, policy in {
        torch.matmul: Policy.LOWER,
        torch._C._nn.linear: Policy.LOWER,
        torch.Tensor.__rpow__: Policy.FLOAT32,
        torch.layer_norm: Policy.FLOAT32,
        torch.Tensor.cumsum: Policy.FLOAT32_DTYPE,
        torch.addcmul: Policy.WIDEST,
        torch.cat: Policy.NOTHING,
    }.items():
        assert found[function] is policy

"""Wrapper subclasses through forward and backward: PyTorch's jagged tensor, and one of a stranger's."""

import pytest
import torch
from torch import nn

from samedevice import virtual

# PyTorch makes an old nested tensor on the way to a jagged one, and says of itself that it is a prototype.
pytestmark = pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors is in prototype stage")


class Doubled(torch.Tensor):
    """A weight that is kept halved, as a quantised one is kept scaled; it asks its part for the device, by keyword."""

    @staticmethod
    def __new__(cls, half):
        return torch.Tensor._make_wrapper_subclass(cls, half.shape, dtype=half.dtype, device=half.device)

    def __init__(self, half):
        self.half = half

    def __tensor_flatten__(self):
        return ["half"], None

    @classmethod
    def __tensor_unflatten__(cls, inner, context, size, stride):
        return cls(inner["half"])

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        def plain(one):
            return one.half * 2 if isinstance(one, Doubled) else one

        if func is torch.ops.aten.detach.default:
            return Doubled(args[0].half.detach())
        return func(*map(plain, args), **(kwargs or {}))


def jagged(device):
    torch.manual_seed(0)
    parts = [torch.randn(3, 8).to(device), torch.randn(5, 8).to(device)]
    return torch.nested.nested_tensor(parts, layout=torch.jagged)


def attended(device):
    """The gradients of an attention over a jagged batch."""
    torch.manual_seed(1)
    net = nn.Sequential(nn.LayerNorm(8), nn.Linear(8, 8), nn.GELU()).to(device)
    heads = net(jagged(device)).unflatten(-1, (2, 4)).transpose(1, 2)
    out = nn.functional.scaled_dot_product_attention(heads, heads, heads).transpose(1, 2).flatten(2)
    out.values().pow(2).sum().backward()
    return out, [parameter.grad for parameter in net.parameters()]


def test_backward_through_a_jagged_tensor():
    _, expected = attended("cpu")
    with virtual("cuda"):
        out, gradients = attended("cuda")
        assert {str(one.device) for one in (out, out.values(), *gradients)} == {"cuda:0"}
        assert all(torch.equal(one.cpu(), other) for one, other in zip(gradients, expected, strict=True))


def unbound(device):
    """The gradients where the rows of a jagged batch go their own ways."""
    torch.manual_seed(1)
    net, head = nn.Linear(8, 8).to(device), nn.Linear(8, 2).to(device)
    head(torch.stack([part.sum(0) for part in net(jagged(device)).unbind()])).sum().backward()
    return [parameter.grad for layer in (net, head) for parameter in layer.parameters()]


def test_backward_into_the_rows_of_a_jagged_tensor():
    expected = unbound("cpu")
    with virtual("cuda"):
        gradients = unbound("cuda")
        assert {str(one.device) for one in gradients} == {"cuda:0"}
        assert all(torch.equal(one.cpu(), other) for one, other in zip(gradients, expected, strict=True))


def test_a_jagged_tensor_meets_a_layer_that_stayed_behind():
    with virtual("cuda"), pytest.raises(RuntimeError, match="Expected all tensors to be on the same device"):
        nn.Linear(8, 8)(jagged("cuda"))


def test_backward_to_a_wrapper_that_asks_its_part():
    with virtual("cuda"):
        x = torch.ones(2, 3, device="cuda", requires_grad=True)
        weight = Doubled(torch.full((3, 3), 0.5, device="cuda")).requires_grad_()
        assert weight.device == torch.device("cuda:0")
        with torch._C.DisableTorchFunction():
            assert weight.device == torch.device("cpu")  # where it says the hardware's, autograd ends the process
        (x @ weight).sum().backward()
        assert x.grad.device == torch.device("cuda:0")
        assert x.grad.tolist() == [[3.0] * 3] * 2
        assert weight.grad.device == torch.device("cuda:0")
        assert weight.grad.tolist() == [[2.0] * 3] * 3
    with virtual("cuda"), pytest.raises(RuntimeError, match="Expected all tensors to be on the same device"):
        torch.ones(2, 3, device="cuda") @ Doubled(torch.full((3, 3), 0.5))


def test_other_devices_stay_what_they_are():
    with virtual("cuda"):
        made = torch.Tensor._make_wrapper_subclass(Doubled, (2,), dtype=torch.float32, device="meta")
        with torch._C.DisableTorchFunction():
            assert made.device.type == "meta"

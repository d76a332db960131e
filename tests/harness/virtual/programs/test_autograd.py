"""Autograd: double backward, hooks that look at devices, custom functions, checkpoints, forward mode."""

import pytest
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint


def test_double_backward(same):
    def program(d):
        x = torch.arange(3.0, device=d, requires_grad=True)
        (first,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
        (second,) = torch.autograd.grad(first.sum(), x)
        return first, second

    same(program)


def test_the_gradient_of_a_move_goes_back(same):
    def program(d):
        x = torch.arange(3.0, requires_grad=True)
        (x.to(d) * 2).to("cpu").mul(torch.ones(3)).sum().backward()
        y = torch.arange(3.0, device=d, requires_grad=True)
        z = torch.zeros(3)
        z.copy_(y * 2)
        z.sum().backward()
        return x.grad, y.grad

    same(program, host=(0,))


def test_hooks_see_devices(same):
    def program(d):
        seen = []
        layer = nn.Linear(2, 2).to(d)
        layer.register_forward_hook(lambda m, i, o: seen.append((i[0].device.type, o.is_cpu)))
        layer.register_full_backward_hook(lambda m, gi, go: seen.append((go[0].device.type, go[0].is_cpu)))
        layer.weight.register_hook(lambda g: seen.append((g.device.type, g.is_cpu)))
        layer.weight.register_post_accumulate_grad_hook(lambda p: seen.append((p.grad.device.type, p.grad.is_cpu)))
        layer(torch.ones(1, 2, device=d, requires_grad=True)).sum().backward()
        here = torch.device(d).type
        return [(kind == here, cpu == (here == "cpu")) for kind, cpu in seen], len(seen)

    same(program)


class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, noise):
        ctx.save_for_backward(x)
        ctx.place = x.device
        return x * 2 + noise.to(x.device)

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        assert x.device == g.device == ctx.place
        return g * torch.full((3,), 2.0, device=g.device) + torch.zeros_like(x), None


def test_custom_function(same):
    def program(d):
        x = torch.arange(3.0, device=d, requires_grad=True)
        out = Double.apply(x, torch.ones(3))
        out.sum().backward()
        return out, x.grad

    same(program)


@pytest.mark.parametrize("reentrant", [True, False])
def test_checkpointing(same, reentrant):
    def program(d):
        layer = nn.Sequential(nn.Linear(3, 3), nn.Dropout(0.5)).to(d)
        x = torch.ones(2, 3, device=d, requires_grad=True)
        checkpoint(layer, x, use_reentrant=reentrant).sum().backward()
        return x.grad, layer[0].weight.grad

    same(program)


def test_saved_tensor_hooks_may_offload(same):
    def program(d):
        x = torch.arange(3.0, device=d, requires_grad=True)
        with torch.autograd.graph.save_on_cpu():
            y = x.exp()
        y.sum().backward()
        return x.grad

    same(program)


# PyTorch scripts its forward-mode formulas when they are first asked for.
@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")
def test_gradients_of_lists_and_forward_mode(same):
    def program(d):
        x, w = (torch.arange(3.0, device=d, requires_grad=True) for _ in range(2))
        y = torch.ones(3, device=d)
        torch.autograd.backward([x * w, w * 2], [y, y])
        with torch.autograd.forward_ad.dual_level():
            dual = torch.autograd.forward_ad.make_dual(y, y * 2)
            tangent = torch.autograd.forward_ad.unpack_dual(dual.sin()).tangent
        hessian = torch.autograd.functional.hessian(lambda t: (t**3).sum(), y)
        jacobian = torch.autograd.functional.jacobian(torch.exp, y, vectorize=True)
        return x.grad, w.grad, tangent, hessian, jacobian

    same(program)


def test_a_0_dim_cpu_gradient_is_copied_to_its_output(same):
    def program(d):
        x = torch.arange(3.0, device=d, requires_grad=True)
        x.sum().backward(torch.tensor(2.0))
        return x.grad

    same(program)

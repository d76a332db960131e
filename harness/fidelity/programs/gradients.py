"""Gradients: what backward, checkpointing and the function transforms make of several devices."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import forward_ad
from torch.func import functional_call, grad, jacrev, jvp, vmap
from torch.utils.checkpoint import checkpoint

from .made import floats, scalar


def through_a_move(data: str, target: str) -> Any:
    """The gradient returns to where the leaf is."""
    x = floats(data, 2).requires_grad_()
    (x * 2).to(target).sum().backward()  # type: ignore[no-untyped-call]
    return x.grad


def given_gradient(data: str, gradient: str) -> Any:
    """`backward(gradient)`."""
    x = floats(data, 2).requires_grad_()
    (x * 2).backward(floats(gradient, 2))  # type: ignore[no-untyped-call]
    return x.grad


def scalar_gradient(data: str, gradient: str) -> Any:
    """`backward(0-dim)`."""
    x = floats(data, 2).requires_grad_()
    x.sum().backward(scalar(gradient))  # type: ignore[no-untyped-call]
    return x.grad


def of_a_scalar_parameter(parameter: str, x: str) -> Any:
    """A 0-dim parameter times a tensor: the gradient is the parameter's."""
    scale = scalar(parameter).requires_grad_()
    (scale * floats(x, 3)).sum().backward()  # type: ignore[no-untyped-call]
    return scale.grad


def accumulated(parameter: str, x: str) -> Any:
    """Two backward passes into one gradient."""
    module = nn.Linear(2, 1).to(parameter)
    for _ in range(2):
        module(floats(x, 1, 2)).sum().backward()
    return module.weight.grad


def asked_for(data: str, outputs: str) -> tuple[Tensor, ...]:
    """`autograd.grad` with `grad_outputs`."""
    x = floats(data, 2).requires_grad_()
    return tuple(torch.autograd.grad(x * 2, x, grad_outputs=floats(outputs, 2)))


class _Doubling(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, place: str) -> Tensor:
        ctx.place = place
        return x * 2

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        return grads[0].to(ctx.place) * 2, None


def of_a_function(data: str, returned: str) -> Any:
    """A backward of one's own that returns a gradient on another device."""
    x = floats(data, 2).requires_grad_()
    doubled = _Doubling.apply(x, returned)  # type: ignore[no-untyped-call]
    doubled.sum().backward()
    return x.grad


def checkpointed(module: str, x: str) -> Any:
    """`checkpoint`."""
    held = nn.Linear(2, 2).to(module)
    checkpoint(held, floats(x, 1, 2), use_reentrant=False).sum().backward()
    return held.weight.grad


def batched(first: str, second: str) -> Tensor:
    """`vmap` over one operand."""
    mapped: Tensor = vmap(torch.add, in_dims=(0, None))(floats(first, 2, 2), floats(second, 2))
    return mapped


def transformed(data: str, factor: str) -> Any:
    """`torch.func.grad`."""
    return grad(lambda x: (x * floats(factor, 2)).sum())(floats(data, 2))


def with_other_weights(module: str, weights: str, x: str) -> Any:
    """`functional_call`."""
    held = nn.Linear(2, 2, bias=False).to(module)
    return functional_call(held, {"weight": floats(weights, 2, 2)}, (floats(x, 1, 2),))


def of_a_hook(data: str, returned: str) -> Any:
    """A tensor hook that returns a gradient on another device."""
    x = floats(data, 2).requires_grad_()
    doubled = x * 2
    doubled.register_hook(lambda grad: grad.to(returned))  # type: ignore[no-untyped-call]
    doubled.sum().backward()  # type: ignore[no-untyped-call]
    return x.grad


def of_a_leaf_hook(data: str, returned: str) -> Any:
    """A hook of a leaf that returns a gradient on another device."""
    x = floats(data, 2).requires_grad_()
    x.register_hook(lambda grad: grad.to(returned))  # type: ignore[no-untyped-call]
    x.sum().backward()  # type: ignore[no-untyped-call]
    return x.grad


def saved_on_host(data: str) -> Any:
    """`save_on_cpu` keeps what backward needs on the host."""
    x = floats(data, 2).requires_grad_()
    with torch.autograd.graph.save_on_cpu():
        doubled = x * x
    doubled.sum().backward()  # type: ignore[no-untyped-call]
    return x.grad


def reentrant(module: str, x: str) -> Any:
    """`checkpoint(use_reentrant=True)`."""
    held = nn.Linear(2, 2).to(module)
    checkpoint(held, floats(x, 1, 2).requires_grad_(), use_reentrant=True).sum().backward()
    return held.weight.grad


def set_gradient(parameter: str, gradient: str) -> Any:
    """`p.grad.copy_(g)`, as gradients are averaged by hand."""
    held = nn.Parameter(floats(parameter, 2))
    held.grad = torch.zeros_like(held)
    held.grad.copy_(floats(gradient, 2))
    return held.grad


def tangent(primal: str, tangent: str) -> Any:
    """Forward-mode differentiation."""
    with forward_ad.dual_level():
        dual = forward_ad.make_dual(floats(primal, 2), floats(tangent, 2))  # type: ignore[no-untyped-call]
        return forward_ad.unpack_dual(dual * 2).tangent  # type: ignore[no-untyped-call]


def jacobian(data: str, factor: str) -> Any:
    """`torch.func.jacrev`."""
    return jacrev(lambda x: x * floats(factor, 2))(floats(data, 2))


def pushed_forward(primal: str, tangent: str) -> Any:
    """`torch.func.jvp`."""
    return jvp(torch.sin, (floats(primal, 2),), (floats(tangent, 2),))


def hessian_product(data: str, vector: str) -> Any:
    """`autograd.functional.hvp`."""
    return torch.autograd.functional.hvp(lambda x: (x**3).sum(), floats(data, 2), floats(vector, 2))  # type: ignore[no-untyped-call]


def gradient_of_in_place(data: str, value: str) -> Any:
    """A slice is overwritten, and the gradient goes to where the value came from."""
    held = floats(value, 1).requires_grad_()
    x = floats(data, 2).clone()
    x[:1] = held
    x.sum().backward()  # type: ignore[no-untyped-call]
    return held.grad


def second_order(data: str) -> Any:
    """`create_graph=True`, a gradient penalty."""
    x = floats(data, 2).requires_grad_()
    (first,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
    return torch.autograd.grad(first.sum(), x)


PROGRAMS = (
    through_a_move,
    given_gradient,
    scalar_gradient,
    of_a_scalar_parameter,
    accumulated,
    asked_for,
    of_a_function,
    checkpointed,
    batched,
    transformed,
    with_other_weights,
    of_a_hook,
    of_a_leaf_hook,
    saved_on_host,
    reentrant,
    set_gradient,
    tangent,
    jacobian,
    pushed_forward,
    hessian_product,
    gradient_of_in_place,
    second_order,
)

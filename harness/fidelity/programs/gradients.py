"""Gradients: what backward, checkpointing and the function transforms make of several devices."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad, vmap
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
)

"""Copies: what moves data between devices, and what only seems to."""

import copy
from typing import Any

import torch
from torch import Tensor, nn

from .made import floats, scalar


def copy_in_place(target: str, source: str) -> Tensor:
    """`copy_`."""
    return floats(target, 3).copy_(floats(source, 3))


def copy_broadcast(target: str, source: str) -> Tensor:
    """`copy_` of a row in another dtype."""
    return floats(target, 2, 3).copy_(floats(source, 3).half())


def move(source: str, target: str) -> Tensor:
    """`.to(device)`."""
    return floats(source, 2).to(target)


def move_like(source: str, other: str) -> Tensor:
    """`.to(other)`."""
    return floats(source, 2).to(floats(other, 1).int())


def move_not_waiting(source: str, target: str) -> Tensor:
    """`.to(device, non_blocking=True)`."""
    return floats(source, 2).to(target, non_blocking=True)


def to_cpu(source: str) -> Tensor:
    """`.cpu()`."""
    return floats(source, 2).cpu()


def type_as(source: str, other: str) -> Tensor:
    """`type_as`, which follows the other's device."""
    return floats(source, 2).type_as(floats(other, 1))


def clone(source: str) -> Tensor:
    """`clone`."""
    return floats(source, 2).clone()


def deepcopy(source: str) -> Tensor:
    """`deepcopy`."""
    return copy.deepcopy(floats(source, 2))


def as_tensor(source: str, target: str) -> Tensor:
    """`as_tensor(x, device=...)`."""
    return torch.as_tensor(floats(source, 2), device=target)


def new_tensor(owner: str) -> Tensor:
    """`x.new_tensor(list)`."""
    return floats(owner, 2).new_tensor([1.0])


def tensor_of_scalars(first: str, second: str) -> Tensor:
    """`torch.tensor([a, b])` of 0-dim tensors, which lands on the CPU."""
    return torch.tensor([scalar(first), scalar(second)])


def parameter_data(parameter: str, data: str) -> Tensor:
    """`p.data = x`, as `Module.to` does."""
    held = nn.Parameter(floats(parameter, 2))
    held.data = floats(data, 2)
    return held


def gradient(parameter: str, grad: str) -> Any:
    """`p.grad = x`, which wants one device."""
    held = nn.Parameter(floats(parameter, 2))
    held.grad = floats(grad, 2)
    return held.grad


def set_storage(target: str, source: str) -> Any:
    """`set_`."""
    return floats(target, 2).set_(floats(source, 3))  # type: ignore[call-overload]  # documented, not in the stubs


def resize_as(target: str, template: str) -> Tensor:
    """`resize_as_`, which reads only the shape."""
    return floats(target, 4).resize_as_(floats(template, 2))


def view_as(data: str, template: str) -> Tensor:
    """`view_as`, which reads only the shape."""
    return floats(data, 4).view_as(floats(template, 2, 2))


def fill(target: str, value: str) -> Tensor:
    """`fill_` with a 0-dim tensor."""
    return floats(target, 2).fill_(scalar(value))


def full(result: str, value: str) -> Any:
    """`torch.full` with a 0-dim tensor as number."""
    return torch.full((2,), scalar(value), device=result)  # type: ignore[call-overload]  # legal, and common


def select_scatter(target: str, source: str) -> Tensor:
    """`select_scatter`."""
    return floats(target, 2, 2).select_scatter(floats(source, 2), 0, 1)


def module_to(module: str, target: str) -> list[Tensor]:
    """`module.to`, parameters and buffers."""
    return list(nn.BatchNorm1d(2).to(module).to(target).state_dict().values())


def load_state(module: str, state: str) -> list[Tensor]:
    """`load_state_dict` of a state on another device."""
    held = nn.Linear(2, 2).to(module)
    held.load_state_dict({name: value.to(state) for name, value in nn.Linear(2, 2).state_dict().items()})
    return list(held.state_dict().values())


PROGRAMS = (
    copy_in_place,
    copy_broadcast,
    move,
    move_like,
    move_not_waiting,
    to_cpu,
    type_as,
    clone,
    deepcopy,
    as_tensor,
    new_tensor,
    tensor_of_scalars,
    parameter_data,
    gradient,
    set_storage,
    resize_as,
    view_as,
    fill,
    full,
    select_scatter,
    module_to,
    load_state,
)

"""Optimizers: parameters on two devices, state on another, learning rates as tensors."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import SGD, Adam, AdamW, Optimizer

from .made import floats, scalar


def _stepped(places: tuple[str, ...], make: Callable[[list[nn.Parameter]], Optimizer]) -> Optimizer:
    parameters = [nn.Parameter(floats(place, 2)) for place in places]
    optimizer = make(parameters)
    for parameter in parameters:
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    return optimizer


def _state(optimizer: Optimizer) -> list[Any]:
    return [
        state for group in optimizer.param_groups for one in group["params"] for state in optimizer.state[one].values()
    ]


def sgd(first: str, second: str) -> list[Any]:
    """SGD with momentum over parameters of two devices."""
    return _state(_stepped((first, second), lambda given: SGD(given, lr=0.1, momentum=0.9)))


def adam(first: str, second: str) -> list[Any]:
    """Adam, whose step counter stays on the CPU."""
    return _state(_stepped((first, second), lambda given: Adam(given)))


def adam_for_each(first: str, second: str) -> list[Any]:
    """Adam that works on lists."""
    return _state(_stepped((first, second), lambda given: Adam(given, foreach=True)))


def adamw_fused(first: str, second: str) -> list[Any]:
    """Fused AdamW, whose step counter is on the device."""
    return _state(_stepped((first, second), lambda given: AdamW(given, fused=True)))


def adam_capturable(first: str, second: str) -> list[Any]:
    """Capturable Adam."""
    return _state(_stepped((first, second), lambda given: Adam(given, capturable=True)))


def rate_as_tensor(parameter: str, rate: str) -> list[Any]:
    """A learning rate that is a 0-dim tensor."""
    return _state(_stepped((parameter,), lambda given: Adam(given, lr=scalar(rate, 0.1), foreach=False)))


def state_loaded(parameter: str, state: str) -> list[Any]:
    """`load_state_dict` moves the state to the parameters, except step counters."""
    saved = _stepped((state,), lambda given: Adam(given)).state_dict()
    optimizer = Adam([nn.Parameter(floats(parameter, 2))])
    optimizer.load_state_dict(saved)
    return _state(optimizer)


def moved_after(before: str, after: str) -> list[Any]:
    """A model moved after its optimizer took a step: the old state stays behind."""
    optimizer = _stepped((before,), lambda given: SGD(given, lr=0.1, momentum=0.9))
    parameter = optimizer.param_groups[0]["params"][0]
    parameter.data = parameter.data.to(after)
    parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    return _state(optimizer)


def clipped(first: str, second: str) -> Tensor:
    """`clip_grad_norm_` over two devices."""
    parameters = [nn.Parameter(floats(place, 2)) for place in (first, second)]
    for parameter in parameters:
        parameter.grad = torch.ones_like(parameter)
    return nn.utils.clip_grad_norm_(parameters, 1.0)


def scaled(parameter: str) -> list[Tensor]:
    """`GradScaler`."""
    held = nn.Linear(2, 2).to(parameter)
    optimizer = SGD(held.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler(held.weight.device.type)
    scaler.scale(held(floats(parameter, 1, 2)).sum()).backward()
    scaler.step(optimizer)
    scaler.update()
    return list(held.parameters())


def to_vector(first: str, second: str) -> Tensor:
    """`parameters_to_vector`."""
    return nn.utils.parameters_to_vector([floats(first, 2), floats(second, 2)])


def averaged(average: str, model: str) -> list[Tensor]:
    """`AveragedModel` of a model elsewhere."""
    held = torch.optim.swa_utils.AveragedModel(nn.Linear(2, 2).to(average))
    for _ in range(2):
        held.update_parameters(nn.Linear(2, 2).to(model))
    return list(held.parameters())


def for_each_add(first: str, second: str) -> tuple[Tensor, ...]:
    """`_foreach_add` of lists."""
    return tuple(torch._foreach_add([floats(first, 2)], [floats(second, 2)]))


def for_each_by_scalar(data: str, factor: str) -> tuple[Tensor, ...]:
    """`_foreach_mul` by a 0-dim tensor."""
    return tuple(torch._foreach_mul([floats(data, 2)], scalar(factor)))


def for_each_over_devices(first: str, second: str) -> tuple[Tensor, ...]:
    """`_foreach_mul` of a list that spans devices, by a number."""
    return tuple(torch._foreach_mul([floats(first, 2), floats(second, 2)], 2.0))


def for_each_norm(first: str, second: str) -> tuple[Tensor, ...]:
    """`_foreach_norm` of a list that spans devices."""
    return tuple(torch._foreach_norm([floats(first, 2), floats(second, 2)]))


def for_each_copy(target: str, source: str) -> list[Tensor]:
    """`_foreach_copy_`."""
    targets = [floats(target, 2)]
    torch._foreach_copy_(targets, [floats(source, 2)])
    return targets


PROGRAMS = (
    sgd,
    adam,
    adam_for_each,
    adamw_fused,
    adam_capturable,
    rate_as_tensor,
    state_loaded,
    moved_after,
    clipped,
    scaled,
    to_vector,
    averaged,
    for_each_add,
    for_each_by_scalar,
    for_each_over_devices,
    for_each_norm,
    for_each_copy,
)

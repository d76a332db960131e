"""Wrapping: scripts, traces, compilers, parallel wrappers, parametrizations and subclasses around a module."""

import copy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations, parametrize, prune

from .made import floats


def scripted(module: str, x: str) -> Any:
    """`torch.jit.script`."""
    return torch.jit.script(nn.Linear(2, 2)).to(module)(floats(x, 1, 2))


def traced(module: str, traced_on: str, x: str) -> Any:
    """`torch.jit.trace`, whose constants stay where they were traced."""
    held = nn.Linear(2, 2).to(traced_on)
    return torch.jit.trace(held, floats(traced_on, 1, 2)).to(module)(floats(x, 1, 2))  # type: ignore[no-untyped-call]


def compiled(module: str, x: str) -> Any:
    """`torch.compile` with the eager backend."""
    return torch.compile(nn.Linear(2, 2).to(module), backend="eager")(floats(x, 1, 2))


def data_parallel(module: str, x: str) -> Any:
    """`DataParallel` over one card."""
    return nn.DataParallel(nn.Linear(2, 2).to(module))(floats(x, 1, 2))


def distributed(module: str, x: str) -> Any:
    """`DistributedDataParallel` in a process group of one."""
    torch.distributed.init_process_group("gloo", store=torch.distributed.HashStore(), rank=0, world_size=1)  # type: ignore[attr-defined]
    try:
        held = nn.parallel.DistributedDataParallel(nn.Linear(2, 2).to(module))
        held(floats(x, 1, 2)).sum().backward()
        return held.module.weight.grad
    finally:
        torch.distributed.destroy_process_group()


def weight_norm(module: str, x: str) -> Any:
    """`parametrizations.weight_norm`."""
    return parametrizations.weight_norm(nn.Linear(2, 2)).to(module)(floats(x, 1, 2))


def spectral_norm(module: str, x: str) -> Any:
    """`parametrizations.spectral_norm`, with buffers."""
    return parametrizations.spectral_norm(nn.Linear(2, 2)).to(module)(floats(x, 1, 2))


def old_spectral_norm(module: str, x: str) -> Any:
    """`nn.utils.spectral_norm`, whose weight is a plain attribute."""
    return nn.utils.spectral_norm(nn.Linear(2, 2)).to(module)(floats(x, 1, 2))


class _Scaled(nn.Module):
    def __init__(self, place: str) -> None:
        super().__init__()
        self.scale = floats(place, 1) + 1

    def forward(self, weight: Tensor) -> Tensor:
        return weight * self.scale


def parametrized(module: str, constant: str, x: str) -> Any:
    """`register_parametrization` with a tensor that does not move."""
    held = nn.Linear(2, 2).to(module)
    parametrize.register_parametrization(held, "weight", _Scaled(constant))
    return held(floats(x, 1, 2))


def pruned(module: str, x: str) -> Any:
    """`prune`, whose mask is a buffer."""
    held = nn.Linear(2, 2)
    prune.l1_unstructured(held, "weight", amount=1)  # type: ignore[no-untyped-call]
    return held.to(module)(floats(x, 1, 2))


def lazy(module: str, x: str) -> Any:
    """A lazy module that was moved before its first call."""
    return nn.LazyLinear(2).to(module)(floats(x, 1, 2))


def dynamically_quantized(x: str) -> Any:
    """`quantize_dynamic`, which has kernels for the CPU alone."""
    held = torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(2, 2)), {nn.Linear})  # type: ignore[no-untyped-call]
    return held(floats(x, 1, 2))


def bottled(module: str, x: str) -> Any:
    """A hook that sends the output to the CPU."""
    held = nn.Linear(2, 2).to(module)
    held.register_forward_hook(lambda _module, _inputs, output: output.cpu())
    return held(floats(x, 1, 2))


def moved_by_type(module: str) -> list[Tensor]:
    """`module.type(torch.cuda.FloatTensor)`."""
    kind = "torch.FloatTensor" if module == "cpu" else f"torch.{torch.device(module).type}.FloatTensor"
    return list(nn.Linear(2, 2).type(kind).parameters())


def half(module: str, x: str) -> Any:
    """`module.half()` on the device."""
    return nn.Linear(2, 2).to(module).half()(floats(x, 1, 2).half())


def copied_and_moved(module: str, target: str) -> list[Any]:
    """A deep copy moves alone."""
    held = nn.Linear(1, 1).to(module)
    return [list(copy.deepcopy(held).to(target).parameters()), list(held.parameters())]


def plain_parameter(module: str, x: str) -> Any:
    """A parameter in a plain list, which `.to()` does not see."""
    held = nn.Linear(2, 2)
    hidden = [nn.Parameter(floats("cpu", 2))]
    return held.to(module)(floats(x, 1, 2)) * hidden[0]


class _Tagged(Tensor):
    """A subclass that adds nothing."""


def subclass(data: str, other: str) -> list[Any]:
    """A tensor subclass meets a plain tensor."""
    made = floats(data, 2).as_subclass(_Tagged)
    added = made + floats(other, 2)
    return [type(added).__name__, added.device, added.cpu().device]


def stacked_modules(first: str, second: str, x: str) -> Any:
    """`stack_module_state` and `vmap` over an ensemble."""
    made = [nn.Linear(2, 2).to(first), nn.Linear(2, 2).to(second)]
    parameters, buffers = torch.func.stack_module_state(made)

    def one(state: Any, extra: Any, data: Tensor) -> Any:
        return torch.func.functional_call(made[0], (state, extra), (data,))

    return torch.vmap(one, in_dims=(0, 0, None))(parameters, buffers, floats(x, 1, 2))


PROGRAMS = (
    scripted,
    traced,
    compiled,
    data_parallel,
    distributed,
    weight_norm,
    spectral_norm,
    old_spectral_norm,
    parametrized,
    pruned,
    lazy,
    dynamically_quantized,
    bottled,
    moved_by_type,
    half,
    copied_and_moved,
    plain_parameter,
    subclass,
    stacked_modules,
)

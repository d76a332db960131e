"""Feeding: loaders, samplers, splits and collation, and the random state of devices."""

from typing import Any

import numpy
import torch
from torch import Tensor
from torch.utils.data import DataLoader, RandomSampler, TensorDataset, default_collate, random_split

from .made import floats, integers, scalar


def shuffled_loader(generator: str, data: str) -> list[Any]:
    """`DataLoader(shuffle=True, generator=...)`."""
    made = torch.Generator(generator).manual_seed(1)
    return list(DataLoader(TensorDataset(floats(data, 4, 1)), batch_size=2, shuffle=True, generator=made))


def shuffled_under_default_device(device: str) -> list[Any]:
    """`DataLoader(shuffle=True)` while `set_default_device` names a device."""
    with torch.device(device):
        return list(DataLoader(TensorDataset(torch.zeros(4, 1)), batch_size=2, shuffle=True))


def random_sampler(generator: str) -> list[int]:
    """`RandomSampler(generator=...)`."""
    return sorted(RandomSampler(range(4), generator=torch.Generator(generator).manual_seed(1)))


def split(generator: str) -> list[int]:
    """`random_split(generator=...)`."""
    parts: list[Any] = random_split(range(4), [2, 2], generator=torch.Generator(generator))  # type: ignore[arg-type]
    return [len(part) for part in parts]


def collated(first: str, second: str) -> Any:
    """`default_collate` of tensors."""
    return default_collate([floats(first, 2), floats(second, 2)])


def collated_dicts(image: str, label: str) -> Any:
    """`default_collate` of dicts."""
    return default_collate([{"image": floats(image, 2), "label": integers(label, 1)} for _ in range(2)])


def array_of_scalars(data: str) -> Any:
    """`numpy.array([x, x])` of 0-dim tensors."""
    return numpy.array([scalar(data), scalar(data)])


def array_of_rows(data: str) -> Any:
    """`numpy.array([x, x])` of vectors."""
    return numpy.array([floats(data, 2), floats(data, 2)])


def tensor_of_rows(data: str, result: str) -> Tensor:
    """`torch.tensor([x, x], device=...)` of 0-dim tensors."""
    return torch.tensor([scalar(data), scalar(data)], device=result)


def mean_by_numpy(data: str) -> Any:
    """`numpy.mean` of a list of losses."""
    return numpy.mean([scalar(data), scalar(data)])


def added_to_number(data: str) -> Any:
    """A running loss as a Python number."""
    total = 0.0
    total += scalar(data)  # type: ignore[assignment]  # what training loops do
    return total


def as_array_interface(data: str) -> Any:
    """`__cuda_array_interface__`, which other libraries look for."""
    x = floats(data, 2)
    return sorted(x.__cuda_array_interface__) if hasattr(x, "__cuda_array_interface__") else []


def through_dlpack(data: str) -> Tensor:
    """`from_dlpack`."""
    made: Tensor = torch.from_dlpack(floats(data, 2))  # type: ignore[attr-defined]
    return made


def numpy_through_dlpack(data: str) -> Any:
    """`numpy.from_dlpack`."""
    return numpy.from_dlpack(floats(data, 2))


def as_array(data: str, target: str) -> Tensor:
    """`torch.asarray(x, device=...)`."""
    return torch.asarray(floats(data, 2), device=target)


def rng_state(device: str) -> list[Any]:
    """The random state of a device is a tensor on the CPU, and makes the same numbers again."""
    made = torch.device(device)
    module = torch if made.type == "cpu" else torch.get_device_module(made)
    state = module.get_rng_state()
    first = torch.rand(2, device=device)
    module.set_rng_state(state)
    return [state, torch.equal(first, torch.rand(2, device=device))]


def rng_state_moved(device: str, state: str) -> Any:
    """A random state that was moved with a checkpoint."""
    made = torch.device(device)
    module = torch if made.type == "cpu" else torch.get_device_module(made)
    return module.set_rng_state(module.get_rng_state().to(state))


def forked(device: str) -> list[bool]:
    """`fork_rng` gives the state back."""
    torch.manual_seed(1)
    with torch.random.fork_rng():
        first = torch.rand(2, device=device)
    return [torch.equal(first, torch.rand(2, device=device))]


def cloned_generator(device: str) -> list[Any]:
    """`clone_state` of a generator."""
    made = torch.Generator(device).manual_seed(4)
    twin = made.clone_state()
    same = torch.equal(torch.rand(2, generator=made, device=device), torch.rand(2, generator=twin, device=device))
    return [twin.device, made.initial_seed(), made.get_state(), same]


PROGRAMS = (
    shuffled_loader,
    shuffled_under_default_device,
    random_sampler,
    split,
    collated,
    collated_dicts,
    array_of_scalars,
    array_of_rows,
    tensor_of_rows,
    mean_by_numpy,
    added_to_number,
    as_array_interface,
    through_dlpack,
    numpy_through_dlpack,
    as_array,
    rng_state,
    rng_state_moved,
    forked,
    cloned_generator,
)

"""Generators: random numbers drawn on one device with a generator of another."""

import torch
from torch import Tensor

from .made import floats


def randn(result: str, generator: str) -> Tensor:
    """Draw new numbers."""
    return torch.randn(3, device=result, generator=torch.Generator(generator).manual_seed(1))


def rand_like(data: str, generator: str) -> Tensor:
    """Draw numbers of another tensor's shape."""
    return torch.rand_like(floats(data, 3), generator=torch.Generator(generator))


def randint(result: str, generator: str) -> Tensor:
    """Draw integers."""
    return torch.randint(5, (3,), device=result, generator=torch.Generator(generator))


def randperm(result: str, generator: str) -> Tensor:
    """Draw a permutation, as samplers do."""
    return torch.randperm(4, device=result, generator=torch.Generator(generator))


def normal_in_place(data: str, generator: str) -> Tensor:
    """Overwrite a tensor, as initializers do."""
    return floats(data, 3).normal_(generator=torch.Generator(generator))


def bernoulli(data: str, generator: str) -> Tensor:
    """Draw bits with given probabilities."""
    return torch.bernoulli(floats(data, 2), generator=torch.Generator(generator))


def multinomial(data: str, generator: str) -> Tensor:
    """Sample tokens."""
    return torch.multinomial(floats(data, 4) + 1, 2, generator=torch.Generator(generator))


def normal_of_tensors(mean: str, std: str) -> Tensor:
    """Draw around tensors of means and deviations."""
    return torch.normal(floats(mean, 3), floats(std, 3) + 1)


def state_into_generator(state: str, generator: str) -> torch.device:
    """Give a generator its state back from a tensor that was moved with a checkpoint."""
    made = torch.Generator(generator)
    return made.set_state(made.get_state().to(state)).device


def generator_device(generator: str) -> torch.device:
    """Ask a generator where it is."""
    return torch.Generator(generator).device


def seeded(data: str) -> Tensor:
    """Seed every device at once and draw."""
    torch.manual_seed(3)
    return torch.rand(2, device=data)


PROGRAMS = (
    randn,
    rand_like,
    randint,
    randperm,
    normal_in_place,
    bernoulli,
    multinomial,
    normal_of_tensors,
    state_into_generator,
    generator_device,
    seeded,
)

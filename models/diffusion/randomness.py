"""Random numbers that are the same on every device, if a generator is given."""

from collections.abc import Sequence

import torch
from torch import Tensor


def uniform(shape: Sequence[int], device: torch.device, generator: torch.Generator | None = None) -> Tensor:
    """Float32 numbers in [0, 1) on `device`, drawn where the generator is and then moved.

    So one CPU generator gives one sequence on every device, at the price of a copy. Without a generator they come
    from the device's own default one, without a copy.
    """
    return torch.rand(shape, generator=generator, device=_source(device, generator)).to(device)


def integers(
    low: int, high: int, shape: Sequence[int], device: torch.device, generator: torch.Generator | None = None
) -> Tensor:
    """Int64 numbers from `low` to `high` - 1 on `device`, drawn as `uniform` draws."""
    return torch.randint(low, high, shape, generator=generator, device=_source(device, generator)).to(device)


def _source(device: torch.device, generator: torch.Generator | None) -> torch.device:
    return device if generator is None else generator.device

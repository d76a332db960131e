"""The state of a module: values that no initialisation gives, and what did not survive a round trip."""

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn

SEED = 5


def stir(module: nn.Module) -> None:
    """Add a little noise to every parameter, the same noise at each call, on whatever device it is."""
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for parameter in module.parameters():
            noise = torch.randn(parameter.shape, generator=generator) * 0.01
            parameter.add_(noise.to(device=parameter.device, dtype=parameter.dtype))


def unequal(before: Mapping[str, Tensor], after: Mapping[str, Tensor]) -> Iterator[tuple[str, str]]:
    """Each key of two state dicts that is not bit for bit the same, and what is wrong with it."""
    for key in sorted(before.keys() | after.keys()):
        if key not in after:
            yield key, "it was saved and did not come back"
        elif key not in before:
            yield key, "it came back and was never saved"
        elif before[key].dtype != after[key].dtype:
            yield key, f"it was saved as {before[key].dtype} and came back as {after[key].dtype}"
        elif not torch.equal(before[key], after[key]):
            yield key, "it came back with other values"

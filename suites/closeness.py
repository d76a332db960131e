"""Whether two tensors hold the same numbers, up to the rounding of their dtype."""

import torch
from torch import Tensor

# How many units in the last place of the largest number two correct computations may lie apart. Another order of
# a sum of n terms costs about sqrt(n); 64 covers small models, and a wrong position costs thousands.
_UNITS = 64


def allowance(expected: Tensor, units: int = _UNITS) -> float:
    """The greatest absolute difference that rounding explains, for results of the dtype and size of `expected`."""
    largest = float(expected.detach().abs().max()) if expected.numel() else 0.0
    return units * torch.finfo(expected.dtype).eps * max(1.0, largest)


def difference(actual: Tensor, expected: Tensor, allowed: float | None = None) -> str | None:
    """What to say of two tensors that are not close; None where they are. Devices may differ, shapes may not."""
    if actual.shape != expected.shape:
        return f"shape {list(actual.shape)}, expected {list(expected.shape)}"
    if not actual.numel():
        return None
    limit = allowance(expected) if allowed is None else allowed
    # To the CPU first: an MPS device has no float64.
    apart = (actual.detach().cpu().double() - expected.detach().cpu().double()).abs()
    # A number that is not finite is not close to anything, not even to itself.
    wrong = ~(apart <= limit)
    if not bool(wrong.any()):
        return None
    where = int(torch.where(wrong, apart.nan_to_num(nan=torch.inf, posinf=torch.inf), -1.0).argmax())
    index = [int(axis) for axis in torch.unravel_index(torch.tensor(where), apart.shape)]
    return (
        f"{int(wrong.sum())} of {wrong.numel()} numbers differ, the most by {float(apart.flatten()[where]):.3g} "
        f"at index {index} (allowed: {limit:.3g})"
    )

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


# How much farther from the truth than the CPU's own result a device's may be: its sums run in another order, and its
# exponentials are other approximations. PyTorch's and transformers' own comparisons of devices allow about as much.
_FACTOR = 16


def explained(expected: Tensor, exact: Tensor | None) -> float:
    """The greatest absolute difference that rounding explains, where the same result in float64 is known.

    The unit is the error of `expected` itself against `exact`; without `exact`, `allowance` decides alone.
    """
    limit = allowance(expected)
    if exact is None or exact.shape != expected.shape or not expected.numel():
        return limit
    error = (expected.detach().cpu().double() - exact.detach().cpu().double()).abs().nan_to_num(nan=0.0, posinf=0.0)
    return max(limit, _FACTOR * float(error.max()))


def gap(expected: object, actual: object, exact: object = None) -> str | None:
    """What to say of two leaves of an answer that do not agree; None where they do, up to rounding for numbers.

    Numbers that are not finite agree where both are the same.
    """
    if not isinstance(expected, Tensor) or not isinstance(actual, Tensor):
        alike = type(expected) is type(actual) and (expected == actual or expected != expected)
        return None if alike else f"{actual!r}, expected {expected!r}"
    if expected.dtype != actual.dtype or expected.shape != actual.shape:
        return f"{actual.dtype} {list(actual.shape)}, expected {expected.dtype} {list(expected.shape)}"
    if not expected.is_floating_point() and not expected.is_complex():
        apart = int((expected != actual).sum())
        return f"{apart} of {expected.numel()} values differ" if apart else None
    if expected.is_complex():
        return gap(torch.view_as_real(expected), torch.view_as_real(actual))
    both = ((expected == actual) | (expected.isnan() & actual.isnan())) & ~expected.isfinite()
    one, other = expected.masked_fill(both, 0.0), actual.masked_fill(both, 0.0)
    finite = one.nan_to_num(nan=0.0, posinf=0.0, neginf=0.0)
    return difference(other, one, explained(finite, exact if isinstance(exact, Tensor) else None))

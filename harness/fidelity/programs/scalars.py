"""Scalars: 0-dim tensors beside others, where the CPU is sometimes welcome."""

import torch
from torch import Tensor

from .made import floats, mask, scalar


def add(data: str, number: str) -> Tensor:
    """`x + 0-dim`."""
    return floats(data, 3) + scalar(number)


def add_scalars(first: str, second: str) -> Tensor:
    """`0-dim + 0-dim`."""
    return scalar(first) + scalar(second)


def add_one_element(data: str, number: str) -> Tensor:
    """`x + x[1]` of one element but one dimension, which is no scalar."""
    return floats(data, 3) + floats(number, 1)


def add_in_place(data: str, number: str) -> Tensor:
    """`x += 0-dim`."""
    x = floats(data, 3)
    x += scalar(number)
    return x


def add_into_scalar(number: str, data: str) -> Tensor:
    """`0-dim += x[0]`, a running loss."""
    total = scalar(number)
    total += floats(data, 3)[0]
    return total


def compare(data: str, number: str) -> Tensor:
    """`x > 0-dim`."""
    return floats(data, 3) > scalar(number)


def power(data: str, exponent: str) -> Tensor:
    """`x ** 0-dim`."""
    return floats(data, 3) ** scalar(exponent)


def base_power(base: str, exponent: str) -> Tensor:
    """`0-dim ** x`, as rotary frequencies are made."""
    return torch.pow(scalar(base), floats(exponent, 3))


def maximum(data: str, number: str) -> Tensor:
    """`maximum`."""
    return torch.maximum(floats(data, 3), scalar(number))


def clamp(data: str, low: str, high: str) -> Tensor:
    """`clamp` with 0-dim bounds."""
    return floats(data, 3).clamp(scalar(low, 0.5), scalar(high, 1.5))


def where(condition: str, yes: str, no: str) -> Tensor:
    """`where` of tensors."""
    return torch.where(mask(condition, True, False), floats(yes, 2), floats(no, 2))


def where_scalars(condition: str, yes: str, no: str) -> Tensor:
    """`where` of 0-dim tensors."""
    return torch.where(mask(condition, True, False), scalar(yes), scalar(no))


def where_number(condition: str, yes: str) -> Tensor:
    """`where` of a tensor and a number."""
    return torch.where(mask(condition, True, False), floats(yes, 2), -1.0)


def lerp(start: str, end: str, weight: str) -> Tensor:
    """`lerp` with a 0-dim weight."""
    return torch.lerp(floats(start, 2), floats(end, 2), scalar(weight))


def addcmul(data: str, first: str, second: str) -> Tensor:
    """`addcmul` with a 0-dim factor."""
    return torch.addcmul(floats(data, 2), floats(first, 2), scalar(second))


def isclose(data: str, other: str) -> Tensor:
    """`isclose` with a 0-dim tensor."""
    return torch.isclose(floats(data, 2), scalar(other))


def allclose(data: str, other: str) -> bool:
    """`allclose`."""
    return torch.allclose(floats(data, 2), floats(other, 2))


def equal(data: str, other: str) -> bool:
    """`equal`."""
    return torch.equal(floats(data, 2), floats(other, 2))


def out(data: str, other: str, result: str) -> Tensor:
    """`add(..., out=...)`."""
    return torch.add(floats(data, 2), floats(other, 2), out=floats(result, 2))


def out_of_scalars(data: str, other: str, result: str) -> Tensor:
    """`add(..., out=0-dim)`."""
    return torch.add(scalar(data), scalar(other), out=scalar(result))


PROGRAMS = (
    add,
    add_scalars,
    add_one_element,
    add_in_place,
    add_into_scalar,
    compare,
    power,
    base_power,
    maximum,
    clamp,
    where,
    where_scalars,
    where_number,
    lerp,
    addcmul,
    isclose,
    allclose,
    equal,
    out,
    out_of_scalars,
)

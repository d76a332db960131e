"""Samples: PyTorch's own test inputs of an operator."""

import random
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy
import torch
from torch import Tensor
from torch.utils._pytree import tree_flatten, tree_unflatten

from .case import Case

# Larger inputs than this would cost minutes and ask nothing new.
MOST_ELEMENTS = 2**18
KINDS = {
    "UnaryUfuncInfo": "unary",
    "BinaryUfuncInfo": "binary",
    "ReductionOpInfo": "reduction",
    "ShapeFuncInfo": "shape",
}
# Which of these a device computes in is asked, but not with operands elsewhere: the rule is float32's.
HALVES = (torch.float16, torch.bfloat16)
INTEGERS = (torch.int64, torch.int32, torch.uint8, torch.bool)


@cache
def operators() -> dict[str, Any]:
    """PyTorch's OpInfo database by name, `max` or `max.reduction_with_dim`, in its own order.

    The database is part of PyTorch's tests: importing it switches off the setting of some global
    flags, so only the processes that record import it.
    """
    from torch.testing._internal.common_methods_invocations import op_db

    return {f"{op.name}.{op.variant_test_name}" if op.variant_test_name else op.name: op for op in op_db}


def family(op: Any) -> str:
    """What an operator belongs to: its namespace, such as `linalg`, else the kind of its OpInfo, else `other`."""
    space = str(op.name).rpartition(".")[0]
    return "aten" if space.startswith("torch") else space or KINDS.get(type(op).__name__, "other")


def cases(op: Any) -> Iterator[Case]:
    """Every sample of an operator that has a tensor and is not large, made on the CPU from fixed seeds."""
    for dtype in _dtypes(op):
        _seed()
        for index, sample in enumerate(op.sample_inputs("cpu", dtype, requires_grad=False)):
            if _is_wanted(sample):
                yield _case(op, dtype, index, sample)


def _dtypes(op: Any) -> tuple[torch.dtype, ...]:
    """float32, one of integers or bool, half precision; or else the first that the operator has."""
    known = {*op.supported_dtypes("cpu"), *op.supported_dtypes("cuda")}
    wanted = [torch.float32] if torch.float32 in known else []
    wanted += [dtype for dtype in INTEGERS if dtype in known][:1]
    wanted += [dtype for dtype in HALVES if dtype in known and torch.float32 in known]
    return tuple(wanted or sorted(known, key=str)[:1])


def _seed() -> None:
    random.seed(0)
    numpy.random.seed(0)
    torch.manual_seed(0)


def _is_wanted(sample: Any) -> bool:
    operands = [leaf for leaf in _leaves(sample)[0] if _is_movable(leaf)]
    return bool(operands) and sum(one.numel() for one in operands if isinstance(one, Tensor)) <= MOST_ELEMENTS


def _leaves(sample: Any) -> tuple[list[Any], Any]:
    return tree_flatten((sample.input, tuple(sample.args), dict(sample.kwargs)))


def _is_movable(leaf: Any) -> bool:
    """Tensors, and words that name a device."""
    return isinstance(leaf, Tensor | torch.device) or (isinstance(leaf, str) and leaf == "cpu")


def _case(op: Any, dtype: torch.dtype, index: int, sample: Any) -> Case:
    leaves, shape = _leaves(sample)
    movable = [position for position, leaf in enumerate(leaves) if _is_movable(leaf)]

    def call(devices: Sequence[str]) -> Any:
        placed = list(leaves)
        for position, device in zip(movable, devices, strict=True):
            placed[position] = _placed(leaves[position], device)
        first, args, kwargs = tree_unflatten(placed, shape)
        return op(first, *args, **kwargs)

    spelled = tuple(_spelled(leaves[position]) for position in movable)
    return Case(operands=spelled, call=call, dtype=_name(dtype), sample=index, strays=dtype not in HALVES)


def _placed(leaf: Any, device: str) -> Any:
    """A fresh copy on the device: some operators write to their operands."""
    if not isinstance(leaf, Tensor):
        return torch.device(device)
    return leaf.detach().clone() if device == "cpu" else leaf.detach().to(device)


def _spelled(leaf: Any) -> str:
    if not isinstance(leaf, Tensor):
        return "device"
    sizes = ",".join(map(str, leaf.shape))
    return f"{_name(leaf.dtype)}[{sizes}]"


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")

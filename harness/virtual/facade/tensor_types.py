"""`torch.cuda.FloatTensor` and its like: legacy types that make a tensor on the device and recognise one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from .. import labels
from ..birth import made
from ..moves import device_of, relocate
from ..session import Session

Replacement = tuple[Any, str, Any]
DTYPES = {
    "FloatTensor": torch.float32,
    "DoubleTensor": torch.float64,
    "HalfTensor": torch.float16,
    "BFloat16Tensor": torch.bfloat16,
    "LongTensor": torch.int64,
    "IntTensor": torch.int32,
    "ShortTensor": torch.int16,
    "CharTensor": torch.int8,
    "ByteTensor": torch.uint8,
    "BoolTensor": torch.bool,
}


def replacements(session: Session) -> Iterator[Replacement]:
    """The types of `torch.cuda`; other kinds have none."""
    if session.kind == "cuda":
        for name, dtype in DTYPES.items():
            yield torch.cuda, name, _tensor_type(session, name, dtype)


def _tensor_type(session: Session, name: str, dtype: torch.dtype) -> type:
    class _OfType(type):
        def __instancecheck__(cls, value: object) -> bool:
            if not isinstance(value, torch.Tensor) or value.dtype != dtype:
                return False
            with torch._C.DisableTorchFunction():
                place = device_of(session, value)
            return place is not None and place.type == "cuda"

        def __call__(cls, *arguments: Any) -> torch.Tensor:
            place = session.resolve("cuda")
            if arguments and isinstance(arguments[0], torch.Tensor):
                return relocate(session, arguments[0].to(dtype), place, asked=True)
            out: torch.Tensor = getattr(torch, name)(*arguments)
            labels.put(out, made(session, place, named=True))
            return out

    # The words by which `tensor.type(torch.cuda.FloatTensor)` finds its way.
    return _OfType(name, (), {"dtype": dtype, "is_cuda": True, "__module__": "torch.cuda"})

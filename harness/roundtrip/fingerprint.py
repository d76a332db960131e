"""Fingerprints: a short text for any value, the same in every process for values that mean the same."""

from __future__ import annotations

import enum
import functools
import hashlib
import random
import types
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

_DEEPEST = 8
_PLAIN = (bool, int, float, complex, str, bytes, type(None), torch.dtype, torch.device, torch.Size, range, slice)


def fingerprint(value: Any, marks: Callable[[Any], str | None] = lambda value: None, depth: int = 0) -> str:
    """What a value is and holds, tensors by a digest of their bytes.

    `marks(value)` may answer for an object that is told apart by its place and not by what is in it. Functions count
    by name and by what they close over; what nothing is known of, by its class alone.
    """
    mark = marks(value)
    if mark is not None:
        return mark
    within = functools.partial(fingerprint, marks=marks, depth=depth + 1)
    if isinstance(value, enum.Enum):
        return f"{type(value).__qualname__}.{value.name}"
    if isinstance(value, _PLAIN):
        return f"{type(value).__name__} {value!r}"
    if depth > _DEEPEST:
        return type(value).__qualname__
    if isinstance(value, Tensor):
        return _tensor(value)
    if isinstance(value, np.ndarray | np.generic):
        return f"{value.dtype} {value.shape} {_digest(np.ascontiguousarray(value).tobytes())}"
    if isinstance(value, Mapping):
        pairs = (f"{within(key)}: {within(item)}" for key, item in value.items())
        return f"{type(value).__name__} {{{', '.join(pairs)}}}"
    if isinstance(value, list | tuple | deque):
        return f"{type(value).__name__} [{', '.join(map(within, value))}]"
    if isinstance(value, set | frozenset):
        return f"{type(value).__name__} {{{', '.join(sorted(map(within, value)))}}}"
    return _callable(value, within) or _generator(value) or _object(value, within)


def _tensor(value: Tensor) -> str:
    what = f"tensor {value.dtype} {list(value.shape)}"
    if value.is_meta:
        return f"{what} meta"
    plain = value.detach()
    if plain.layout != torch.strided:
        plain = plain.to_dense()
    plain = plain.cpu().resolve_conj().resolve_neg().contiguous()
    return f"{what} {_digest(plain.flatten().view(torch.uint8).numpy().tobytes()) if plain.numel() else ''}"


def _callable(value: Any, within: Callable[[Any], str]) -> str | None:
    if isinstance(value, types.FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or () if _is_filled(cell)]
        return f"function {value.__qualname__} {[within(item) for item in (*cells, *(value.__defaults__ or ()))]}"
    if isinstance(value, functools.partial):
        return f"partial {within(value.func)} {within(value.args)} {within(value.keywords)}"
    if isinstance(value, types.MethodType):
        return f"method {value.__func__.__qualname__} of {type(value.__self__).__qualname__}"
    if isinstance(value, type | types.BuiltinFunctionType | types.ModuleType):
        return f"{type(value).__name__} {getattr(value, '__qualname__', value.__name__)}"
    return None


def _generator(value: Any) -> str | None:
    if isinstance(value, torch.Generator):
        return f"generator {_tensor(value.get_state())}"
    if isinstance(value, np.random.Generator):
        return f"generator {value.bit_generator.state!r}"
    if isinstance(value, np.random.RandomState):
        return f"generator {_digest(repr(value.get_state(legacy=False)).encode())}"
    if isinstance(value, random.Random):
        return f"generator {_digest(repr(value.getstate()).encode())}"
    return None


def _object(value: Any, within: Callable[[Any], str]) -> str:
    name = type(value).__qualname__
    if isinstance(value, nn.Module):
        return name
    inside = dict(getattr(value, "__dict__", {}))
    for cls in type(value).__mro__:
        slots = cls.__dict__.get("__slots__", ())
        for slot in (slots,) if isinstance(slots, str) else slots:
            if isinstance(slot, str) and hasattr(value, slot) and not slot.startswith("__"):
                inside[slot] = getattr(value, slot)
    return f"{name}({', '.join(f'{key}={within(item)}' for key, item in inside.items())})"


def _is_filled(cell: types.CellType) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:  # the function that it belongs to has not run yet
        return False


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=12).hexdigest()

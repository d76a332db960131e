"""Fingerprints: a short text for any value, the same in every process for values that mean the same."""

from __future__ import annotations

import enum
import functools
import hashlib
import logging
import random
import types
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

_DEEPEST = 8
_LONGEST = 400
_PLAIN = (bool, int, float, complex, str, bytes, type(None), torch.dtype, torch.device, torch.Size, range, slice)


def fingerprint(value: Any, marks: Callable[[Any], str | None] = lambda value: None) -> str:
    """What a value is and holds, tensors by a digest of their bytes.

    `marks(value)` may answer for an object that is told apart by its place and not by what is in it. Functions count
    by name and by what they close over; what nothing is known of, by its class alone.
    """
    return _Reading(marks=marks).text(value, 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Reading:
    """One value being read. What is in `known` by its address and depth, many hold: it is read once, and kept alive."""

    marks: Callable[[Any], str | None]
    known: dict[tuple[int, int], tuple[Any, str]] = field(default_factory=dict)

    def text(self, value: Any, depth: int) -> str:
        """The fingerprint of a value that lies so deep."""
        mark = self.marks(value)
        if mark is not None:
            return mark
        if isinstance(value, enum.Enum):
            return f"{type(value).__qualname__}.{value.name}"
        if isinstance(value, _PLAIN):
            return f"{type(value).__name__} {value!r}"
        if depth > _DEEPEST:
            return type(value).__qualname__
        place = id(value), depth
        if place not in self.known:
            self.known[place] = value, _held(value, functools.partial(self.text, depth=depth + 1))
        return self.known[place][1]


def _held(value: Any, within: Callable[[Any], str]) -> str:
    if isinstance(value, Tensor):
        return _tensor(value)
    if isinstance(value, np.ndarray | np.generic):
        return f"{value.dtype} {value.shape} {_digest(np.ascontiguousarray(value).tobytes())}"
    return _brief(_container(value, within) or _named(value, within) or _generator(value) or _object(value, within))


def _container(value: Any, within: Callable[[Any], str]) -> str | None:
    name = type(value).__name__
    if isinstance(value, Mapping):
        return f"{name} {{{', '.join(f'{within(key)}: {within(item)}' for key, item in value.items())}}}"
    if isinstance(value, list | tuple | deque):
        return f"{name} [{', '.join(map(within, value))}]"
    if isinstance(value, set | frozenset):
        return f"{name} {{{', '.join(sorted(map(within, value)))}}}"
    return None


def _brief(text: str) -> str:
    """A text that does not double each time that it is held twice."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... {_digest(text.encode(errors='surrogatepass'))}"


def _tensor(value: Tensor) -> str:
    what = f"tensor {value.dtype} {list(value.shape)}"
    if value.is_meta:
        return f"{what} meta"
    plain = value.detach()
    if plain.layout != torch.strided:
        plain = plain.to_dense()
    plain = plain.cpu().resolve_conj().resolve_neg().contiguous()
    return f"{what} {_digest(plain.flatten().view(torch.uint8).numpy().tobytes()) if plain.numel() else ''}"


def _named(value: Any, within: Callable[[Any], str]) -> str | None:
    if isinstance(value, types.FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or () if _is_filled(cell)]
        carried = (vars(value),) if vars(value) else ()
        held = [within(item) for item in (*cells, *(value.__defaults__ or ()), *carried)]
        return f"function {value.__qualname__} {held}"
    if isinstance(value, functools.partial):
        return f"partial {within(value.func)} {within(value.args)} {within(value.keywords)}"
    if isinstance(value, types.MethodType):
        return f"method {value.__func__.__qualname__} of {type(value.__self__).__qualname__}"
    if isinstance(value, logging.Logger):  # it holds all the others, and who listens in this process
        return f"logger {value.name}"
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
    if not inside:
        return _pickled(value, within) or f"{name}()"
    return f"{name}({', '.join(f'{key}={within(item)}' for key, item in inside.items())})"


def _pickled(value: Any, within: Callable[[Any], str]) -> str | None:
    """What a pickle would hold of an object that has no attributes to look at: an array, an iterator, a date."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # iterators are to lose their pickles
            parts = value.__reduce_ex__(4)
    # A lock, a file, a generator: nothing is known of what is in it, and its class may say so in any words.
    except Exception:
        return None
    if not isinstance(parts, tuple):
        return None
    items = [list(part) if isinstance(part, Iterator) else part for part in parts[1:]]
    return f"{type(value).__qualname__} {within(items)}"


def _is_filled(cell: types.CellType) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:  # the function that it belongs to has not run yet
        return False


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=12).hexdigest()

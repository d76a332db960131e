"""Bits of tensors: are they the same, and how to change all of them so that changing them again undoes it."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn

_WORDS = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}

# Low bits of each dtype that may be turned: few enough that a number stays a number of about its size.
_TURNED = {torch.bfloat16: 5, torch.float16: 8, torch.float32: 12, torch.float64: 12, torch.bool: 1}
_TURNED_OTHERWISE = 6

# What `torch.empty` gives while `torch.utils.deterministic.fill_uninitialized_memory` stands.
_POISON_INT = {torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8}


def storage_key(tensor: Tensor) -> object | None:
    """What two tensors in one storage have in common; None for a tensor without one, or without data."""
    try:
        storage = tensor.untyped_storage()
    except (NotImplementedError, RuntimeError):
        return None
    return storage._cdata if storage.nbytes() and tensor.device.type != "meta" else None


def same(one: Tensor, other: Tensor) -> bool:
    """True where dtype, shape and every bit agree; devices may differ. Data on `meta` agrees with nothing."""
    if one.dtype != other.dtype or one.shape != other.shape or one.layout != other.layout:
        return False
    if one.is_meta or other.is_meta:
        return False
    return torch.equal(_words(one), _words(other))


def is_raw(tensor: Tensor) -> bool:
    """True for a tensor that has no data, or all of whose numbers are what fills uninitialised memory."""
    if tensor.is_meta:
        return True
    if not tensor.numel():
        return False
    if tensor.is_floating_point() or tensor.is_complex():
        return bool(tensor.isnan().all())
    return tensor.dtype in _POISON_INT and bool((tensor == torch.iinfo(tensor.dtype).max).all())


def turn(tensors: Iterator[Tensor], number: int = 0) -> None:
    """Change every number in the storages of tensors in a few low bits; the same again restores them.

    Every `number` up to some dozens changes them otherwise.

    Each storage is turned once, by a pattern of its own, so that two that held equal numbers no longer do. Dtypes and
    layouts whose bits cannot be reached are left alone.
    """
    seen: set[object] = set()
    for tensor in tensors:
        key = storage_key(tensor)
        if key is None or key in seen or tensor.is_quantized or type(tensor) not in (Tensor, nn.Parameter):
            continue
        seen.add(key)
        words = _whole(tensor)
        if words is not None:
            words.bitwise_xor_(_pattern(len(seen) + 7 * number, tensor.dtype))


def _pattern(number: int, dtype: torch.dtype) -> int:
    bits = _TURNED.get(dtype, _TURNED_OTHERWISE)
    return 1 if bits == 1 else number * 2654435761 % ((1 << bits) - 1) + 1


def _whole(tensor: Tensor) -> Tensor | None:
    """All of a tensor's storage as integers."""
    size = tensor.real.element_size() if tensor.is_complex() else tensor.element_size()
    word = _WORDS.get(size)
    if word is None:
        return None
    storage = tensor.untyped_storage()
    flat = torch.empty(0, dtype=word, device=tensor.device)
    return flat.set_(storage, 0, (storage.nbytes() // size,), (1,))


def _words(tensor: Tensor) -> Tensor:
    plain = tensor.detach()
    if plain.layout != torch.strided:
        plain = plain.to_dense()
    if plain.is_quantized:
        plain = plain.int_repr()
    plain = plain.cpu().resolve_conj().resolve_neg()
    if plain.is_complex():
        plain = torch.view_as_real(plain)
    if plain.dtype == torch.bool or not (plain.is_floating_point()):
        return plain
    return plain.contiguous().view(_WORDS[plain.element_size()])

"""Memory: the bytes that live on each virtual device, now and at most, and the error when they do not fit.

A storage carries a `Held` beside its label; when PyTorch frees the storage, the `Held` goes with it and gives its
bytes back. Counted as CUDA's caching allocator counts: each storage rounded up to 512 bytes, no fragmentation.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch

from .labels import CPU, HELD

# CUDACachingAllocator.cpp: kMinBlockSize.
BLOCK = 512


@dataclass(slots=True, kw_only=True)
class Account:
    """The bytes of one device: `now` and since the last reset `peak`, of `capacity` (None: no end)."""

    device: torch.device
    capacity: int | None = None
    now: int = 0
    peak: int = 0

    def take(self, nbytes: int) -> None:
        """Count new bytes. Raises `torch.OutOfMemoryError` in PyTorch's words where they do not fit."""
        if self.capacity is not None and self.now + nbytes > self.capacity:
            raise torch.OutOfMemoryError(_words(self, nbytes))
        self.now += nbytes
        self.peak = max(self.peak, self.now)

    def reset_peak(self) -> None:
        """Measure the peak from here."""
        self.peak = self.now


class Held:
    """The bytes of one storage, for as long as it lives where it is."""

    __slots__ = ("account", "nbytes")

    def __init__(self, account: Account, nbytes: int) -> None:
        self.account = account
        self.nbytes = nbytes

    def __del__(self) -> None:
        self.account.now -= self.nbytes


@dataclass(slots=True, kw_only=True, eq=False)
class Memory:
    """The accounts of a session's devices, opened as they are used; each has the same `capacity` in bytes."""

    capacity: int | None = None
    accounts: dict[torch.device, Account] = field(default_factory=dict)

    def account(self, device: torch.device) -> Account:
        """The account of a device."""
        found = self.accounts.get(device)
        if found is None:
            found = self.accounts[device] = Account(device=device, capacity=self.capacity)
        return found

    def hold(self, storage: torch.UntypedStorage, device: torch.device) -> None:
        """Note that a storage lies on a device from now on, and no longer where it was."""
        held: Held | None = getattr(storage, HELD)
        if held is not None:
            if held.account.device is device:
                return
            setattr(storage, HELD, None)
        if device is CPU:
            return
        nbytes = -(-storage.nbytes() // BLOCK) * BLOCK
        account = self.accounts.get(device) or self.account(device)
        account.take(nbytes)
        setattr(storage, HELD, Held(account, nbytes))


# What `torch.cuda.memory_stats()` tells of bytes, of blocks, and as plain numbers.
_BYTES = ("allocated_bytes", "reserved_bytes", "active_bytes", "requested_bytes", "inactive_split_bytes")
_BLOCKS = ("allocation", "segment", "active", "inactive_split", "oversize_allocations", "oversize_segments")
_NUMBERS = ("num_alloc_retries", "num_ooms", "num_sync_all_streams", "num_device_alloc", "num_device_free")


def statistics(account: Account) -> dict[str, object]:
    """What `torch._C._cuda_memoryStats` returns, as far as a virtual device can tell: nothing is cached or split."""
    none = {"current": 0, "peak": 0, "allocated": 0, "freed": 0}
    held = {
        "current": account.now,
        "peak": account.peak,
        "allocated": account.peak,
        "freed": account.peak - account.now,
    }
    found: dict[str, object] = {}
    for name in (*_BYTES, *_BLOCKS):
        is_held = name in _BYTES[:4]
        pools = {"all": held if is_held else none, "small_pool": none, "large_pool": held if is_held else none}
        found[name] = none if name.startswith("oversize") else pools
    return found | dict.fromkeys(_NUMBERS, 0) | {"max_split_size": -1}


def snapshot(memory: Memory) -> dict[str, object]:
    """What `torch._C._cuda_memorySnapshot` returns: one segment per device that holds anything."""
    segments = [
        {
            "device": account.device.index,
            "address": 0,
            "total_size": account.now,
            "allocated_size": account.now,
            "active_size": account.now,
            "stream": 0,
            "segment_type": "large",
            "blocks": [{"address": 0, "size": account.now, "state": "active_allocated"}],
        }
        for account in memory.accounts.values()
        if account.now
    ]
    return {"segments": segments, "device_traces": [], "allocator_settings": {}}


def _words(account: Account, wanted: int) -> str:
    capacity = account.capacity or 0
    if account.device.type == "mps":
        return (
            f"MPS backend out of memory (MPS allocated: {_size(account.now)}, other allocations: 0 bytes, max "
            f"allowed: {_size(capacity)}). Tried to allocate {_size(wanted)} on private pool. Use "
            "PYTORCH_MPS_HIGH_WATERMARK_RATIO=0.0 to disable upper limit for memory allocations "
            "(may cause system failure)."
        )
    return (
        f"{account.device.type.upper()} out of memory. Tried to allocate {_size(wanted)}. "
        f"GPU {account.device.index} has a total capacity of {_size(capacity)} of which "
        f"{_size(capacity - account.now)} is free. Of the allocated memory {_size(account.now)} is allocated by "
        "PyTorch, and 0 bytes is reserved by PyTorch but unallocated."
    )


def _size(nbytes: int) -> str:
    """As c10's `format_size` writes it."""
    for unit, size in (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024)):
        if nbytes >= size:
            return f"{nbytes / size:.2f} {unit}"
    return f"{nbytes} bytes"

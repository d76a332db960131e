"""`torch.cuda` for virtual devices.

Most of it is put in at PyTorch's own C boundary (`torch._C._cuda_*`), so that PyTorch's Python runs above it and names
imported early see it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import torch

from ..memory import Account, snapshot, statistics
from ..session import Session
from .current_device import CurrentDevice
from .generator import set_rng_state
from .streams import Event, Stream, current_stream, default_stream, set_stream, stream_context

Replacement = tuple[Any, str, Any]


def replacements(session: Session) -> Iterator[Replacement]:
    """Everything of `torch.cuda` that changes."""
    now = CurrentDevice(session)
    yield from _boundary(now, session)
    for name, value in {
        "_lazy_init": _nothing,
        "_initialized": True,
        "_exchange_device": now.exchange,
        "_maybe_exchange_device": now.maybe_exchange,
        "is_available": lambda: True,
        "device_count": now.count,
        "_cached_device_count": None,  # PyTorch's own, which names imported early still call
        "default_generators": tuple(torch.default_generator for _ in range(session.count)),
        "get_device_properties": lambda device=None: _properties(session, device),
        "_get_device_properties": lambda index: _properties(session, index),
        "_CudaDeviceProperties": SimpleNamespace,
        "get_arch_list": lambda: [_architecture(session)],
        "is_bf16_supported": lambda including_emulation=True: True,
        "set_rng_state": lambda new_state, device="cuda": set_rng_state(session, new_state),
        "mem_get_info": lambda device=None: _free_and_total(session, device),
        "Stream": Stream,
        "Event": Event,
        "current_stream": current_stream,
        "default_stream": default_stream,
        "set_stream": set_stream,
        "stream": stream_context,
    }.items():
        yield torch.cuda, name, value
    yield torch.cuda.graphs, "_cuda_isCurrentStreamCapturing", lambda: False  # imported there by name
    yield torch.backends.cuda, "is_built", lambda: True
    yield torch.backends.cudnn, "is_available", lambda: True
    # False keeps an LSTM from asking for cuDNN's weight layout, of which this build has no kernel.
    yield torch.backends.cudnn, "is_acceptable", lambda tensor: False


def _boundary(now: CurrentDevice, session: Session) -> Iterator[Replacement]:
    for name, value in {
        "_cuda_getDeviceCount": now.count,
        "_cuda_getDevice": now.get,
        "_cuda_setDevice": now.set,
        "_cuda_exchangeDevice": now.exchange,
        "_cuda_maybeExchangeDevice": now.maybe_exchange,
        "_cuda_synchronize": _nothing,
        "_cuda_emptyCache": _nothing,
        "_cuda_ipc_collect": _nothing,
        "_cuda_isInBadFork": lambda: False,
        "_cuda_memoryStats": lambda index: statistics(_account(session, index)),
        "_cuda_memorySnapshot": lambda *args: snapshot(session.memory),
        "_cuda_resetPeakMemoryStats": lambda index: _account(session, index).reset_peak(),
        "_cuda_resetAccumulatedMemoryStats": _nothing,
        "_cuda_getCurrentRawStream": lambda index: 0,
        "_cuda_getArchFlags": lambda: _architecture(session),
        "_cuda_canDeviceAccessPeer": lambda ours, theirs: ours != theirs,
        "_cuda_isCurrentStreamCapturing": lambda: False,
    }.items():
        yield torch._C, name, value


def _nothing(*args: Any, **kwargs: Any) -> None:
    """A call that orders work on hardware: on the CPU everything has happened when it returns."""


def _architecture(session: Session) -> str:
    return "sm_{}{}".format(*session.profile.capability)


def _account(session: Session, index: int) -> Account:
    return session.memory.account(session.resolve(torch.device("cuda", index)))


def _free_and_total(session: Session, device: Any) -> tuple[int, int]:
    place = session.resolve("cuda" if device is None else device)
    total = session.profile.memory
    return total - session.memory.account(place).now, total


def _properties(session: Session, device: Any) -> SimpleNamespace:
    place = session.resolve("cuda" if device is None else device)
    index = place.index or 0
    machine = session.profile
    return SimpleNamespace(
        name=f"{machine.name} (virtual)",
        major=machine.capability[0],
        minor=machine.capability[1],
        total_memory=machine.memory,
        multi_processor_count=machine.processors,
        warp_size=32,
        is_integrated=0,
        is_multi_gpu_board=0,
        max_threads_per_multi_processor=2048,
        regs_per_multiprocessor=65536,
        shared_memory_per_block=49152,
        shared_memory_per_block_optin=166912,
        shared_memory_per_multiprocessor=167936,
        pci_bus_id=index,
        pci_device_id=0,
        pci_domain_id=0,
        uuid=UUID(int=index),
        gcnArchName="",
        L2_cache_size=40 * 1024**2,
    )

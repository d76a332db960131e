"""Communication between devices: what `DataParallel` and `DistributedDataParallel` ask of PyTorch's C side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from ..labels import CPU
from ..moves import device_of, relocate
from ..session import Session
from ..threads import running_here

Replacement = tuple[Any, str, Any]


def replacements(session: Session) -> Iterator[Replacement]:
    """Broadcast, scatter and gather, as copies, which only CUDA has; the buckets of `DistributedDataParallel`."""
    if torch.distributed.is_available():
        yield torch.distributed, "Reducer", _beside_parameters(torch.distributed.Reducer)  # type: ignore[attr-defined]
    if session.kind != "cuda":
        return

    def at(tensor: Tensor, index: int) -> Tensor:
        place = session.resolve(torch.device("cuda", index)) if index >= 0 else CPU
        with torch._C.DisableTorchFunction():
            return tensor if device_of(session, tensor) is place else relocate(session, tensor, place, asked=True)

    def broadcast(tensor: Tensor, devices: Sequence[int]) -> list[Tensor]:
        return [at(tensor, index) for index in devices]

    def broadcast_coalesced(tensors: Sequence[Tensor], devices: Sequence[int], size: int) -> list[list[Tensor]]:
        return [[at(tensor, index) for tensor in tensors] for index in devices]

    def scatter(
        tensor: Tensor, devices: Sequence[int], sizes: Sequence[int] | None, dim: int, streams: object
    ) -> list[Tensor]:
        parts = torch.split(tensor, list(sizes), dim) if sizes is not None else tensor.chunk(len(devices), dim)
        return [at(part.contiguous(), index) for part, index in zip(parts, devices, strict=False)]

    def gather(tensors: Sequence[Tensor], dim: int, destination: int | None) -> Tensor:
        index = session.current if destination is None else destination
        return torch.cat([at(tensor, index) for tensor in tensors], dim)

    for name, function in {
        "_broadcast": broadcast,
        "_broadcast_coalesced": broadcast_coalesced,
        "_scatter": scatter,
        "_gather": gather,
    }.items():
        yield torch._C, name, function


def _beside_parameters(native: Any) -> Any:
    """The reducer makes its buckets in C++, beside the parameters that it is given."""

    def reducer(*args: Any, **kwargs: Any) -> Any:
        running = running_here()
        if running is None:
            return native(*args, **kwargs)
        with running.calling(args, kwargs):
            return native(*args, **kwargs)

    return reducer

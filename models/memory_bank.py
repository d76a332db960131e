"""A memory bank: what a reader of long documents carries from one segment to the next.

It is a plain dictionary `{expert_id: tensor[B, slots, hidden]}` with the ids 0 to k-1; a model with one memory has the
id 0 alone. Whoever holds it decides when it moves and when gradients stop.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

MemoryBank = dict[int, Tensor]


def bank_to(bank: MemoryBank, device: torch.device | str) -> MemoryBank:
    """The bank on a device: the one move to make between segments where it was kept elsewhere."""
    return {expert: tensor.to(device) for expert, tensor in bank.items()}


def detached(bank: MemoryBank) -> MemoryBank:
    """The same numbers without their history: gradients stop at this segment boundary (truncated back-propagation)."""
    return {expert: tensor.detach() for expert, tensor in bank.items()}


def rows_of(bank: MemoryBank, rows: Sequence[int] | Tensor) -> MemoryBank:
    """The memories of some documents of the batch, in the order of `rows`."""
    return {expert: tensor[rows] for expert, tensor in bank.items()}


def refuse_unfit(bank: MemoryBank, experts: int, beside: Tensor, shape: tuple[int, int, int]) -> None:
    """Raise `ValueError` for a bank that does not fit.

    It must hold the ids 0 to `experts - 1`, each of `shape` [B, slots, hidden], on the device and in the dtype of
    `beside`. A bank on another device is not moved here: that would be a copy in every segment that nobody sees.
    """
    if sorted(bank) != list(range(experts)):
        raise ValueError(f"memory_state holds the experts {sorted(bank)}, expected {list(range(experts))}")
    for expert, tensor in bank.items():
        name = f"memory_state[{expert}]"
        if tensor.shape != shape:
            raise ValueError(f"{name} has shape {list(tensor.shape)}, expected {list(shape)}: batch, slots, width")
        if tensor.device != beside.device:
            raise ValueError(
                f"{name} is on {tensor.device} and the segment on {beside.device}: move it once, where one segment "
                f"ends: `memory_state = bank_to(memory_state, model.device)`"
            )
        if tensor.dtype != beside.dtype:
            raise ValueError(
                f"{name} is {tensor.dtype} and the model {beside.dtype}: start from `model.get_initial_memory(batch)`"
            )

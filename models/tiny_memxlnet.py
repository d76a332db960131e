"""Small memory XLNets with fixed weights, one for each way of routing, and what to feed them."""

from typing import Any

import torch

from .configuration_gmmxlnet import ROUTING_MODES, GMMXLNetConfig
from .configuration_memxlnet import MemXLNetConfig
from .modeling_gmmxlnet import GMMXLNetForQA
from .modeling_memxlnet import MemXLNetForQA
from .tokenizer import BYTE_VOCABULARY, END_TOKEN_ID, PAD_TOKEN_ID

WIDTH, SLOTS, BATCH, LENGTH, PADDING = 32, 4, 2, 12, 3
EXPERTS = (1, 2, 4, 8)
# Weights five times XLNet's usual size: at the usual one the logits hardly depend on the memory.
_SIZES: dict[str, Any] = {
    "hidden_dim": WIDTH,
    "memory_slots": SLOTS,
    "n_layer": 2,
    "n_head": 4,
    "d_inner": 64,
    "dropout": 0.0,
    "initializer_range": 0.1,
    "vocab_size": BYTE_VOCABULARY,
    "pad_token_id": PAD_TOKEN_ID,
    "bos_token_id": None,
    "eos_token_id": END_TOKEN_ID,
}


def standard(**fields: Any) -> MemXLNetForQA:
    """An XLNet of 2 layers and width 32 with one memory of 4 slots; `fields` of the configuration come on top."""
    return MemXLNetForQA(MemXLNetConfig(**{**_SIZES, **fields}))


def mixture(experts: int, routing_mode: str, **fields: Any) -> GMMXLNetForQA:
    """The same with `experts` memories."""
    return GMMXLNetForQA(
        GMMXLNetConfig(**{**_SIZES, "num_memory_experts": experts, "routing_mode": routing_mode, **fields})
    )


def variants() -> dict[str, tuple[int, str | None]]:
    """Name -> experts and routing mode: `memxlnet`, and `gmmxlnet_write_4` for four write-based experts."""
    mixtures = {f"gmmxlnet_{mode.partition('-')[0]}_{k}": (k, mode) for mode in ROUTING_MODES for k in EXPERTS}
    return {"memxlnet": (1, None), **mixtures}


def build(experts: int, routing_mode: str | None) -> MemXLNetForQA:
    """The model of a variant."""
    return standard() if routing_mode is None else mixture(experts, routing_mode)


def second_segment(experts: int) -> dict[str, Any]:
    """A segment in the middle of two documents: ids [2,12], a mask with padding on the right, types, a bank, answers.

    The bank is as a first segment may have left it: [2,4,32] for each expert.
    """
    generator = torch.Generator().manual_seed(0)
    first_byte = 3
    input_ids = torch.randint(first_byte, BYTE_VOCABULARY, (BATCH, LENGTH), generator=generator)
    attention_mask = torch.ones_like(input_ids)
    input_ids[0, -PADDING:] = PAD_TOKEN_ID
    attention_mask[0, -PADDING:] = 0
    return {
        "input_ids": input_ids,
        "attention_mask": attention_mask,
        "token_type_ids": (torch.arange(LENGTH) >= LENGTH // 2).long().expand(BATCH, -1).contiguous(),
        "memory_state": {i: torch.randn(BATCH, SLOTS, WIDTH, generator=generator) * 0.5 for i in range(experts)},
        "start_positions": torch.tensor([6, 3]),
        "end_positions": torch.tensor([7, 5]),
    }

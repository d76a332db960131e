"""Stock backbones, with their own position encoding switched off."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import GPT2LMHeadModel, GPTNeoXForCausalLM, PreTrainedConfig, PreTrainedModel


class NoTable(nn.Module):
    """In place of GPT-2's table of positions: adds zero, at any position."""

    def forward(self, position_ids: Tensor) -> Tensor:
        """position_ids [B,T] -> zeros [B,T,1]; as integers they promote to the dtype of whatever they are added to."""
        return torch.zeros_like(position_ids).unsqueeze(-1)


class NoRotation(nn.Module):
    """In place of GPT-NeoX's rotary embedding: a rotation of none of the coordinates."""

    def forward(self, x: Tensor, position_ids: Tensor) -> tuple[Tensor, Tensor]:
        """x [B,T,D], position_ids [B,T] -> cos and sin of width 0, so that every coordinate passes through."""
        empty = x.new_empty((*position_ids.shape, 0))
        return empty, empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Backbone:
    """A stock causal language model; where its own positions sit, and what sits there instead."""

    model: type[PreTrainedModel]
    positions: str
    silence: Callable[[], nn.Module]

    def build(self, config: PreTrainedConfig) -> Any:
        """A model of this kind, freshly initialised, that does not know where a token stands."""
        model = self.model(config)
        model.set_submodule(self.positions, self.silence())
        return model


BACKBONES: dict[str, Backbone] = {
    "gpt2": Backbone(model=GPT2LMHeadModel, positions="transformer.wpe", silence=NoTable),
    "gpt_neox": Backbone(model=GPTNeoXForCausalLM, positions="gpt_neox.rotary_emb", silence=NoRotation),
}

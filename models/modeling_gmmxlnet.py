"""XLNet with a gated mixture of memories, for questions about long documents."""

from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModelForQuestionAnswering
from transformers import initialization as init

from .configuration_gmmxlnet import GMMXLNetConfig
from .memory_bank import MemoryBank
from .memory_mixture import AggregatedMemoryReader, ExpertUpdater, GatedMemoryMixture, MemoryGatingNetwork
from .modeling_memxlnet import MemXLNetForQA


class GMMXLNetForQA(MemXLNetForQA):  # type: ignore[no-untyped-call]
    """The memory XLNet with k memories, between which each slot's writing and reading is routed.

    Before a segment, the reader mixes the experts into the slots that the segment sees; after it, the routing network
    says how much of what each slot wrote goes to which expert, and each expert takes its share in by its own gate. All
    of it is soft and differentiable. The outputs' `routing_weights` and `read_weights` tell a collapse:
    `memory_mixture.routing_entropy` and `expert_load`.
    """

    config_class = GMMXLNetConfig
    config: GMMXLNetConfig

    def _build_memory(self, config: Any) -> None:
        width, experts = int(config.hidden_size), config.num_memory_experts
        temperature = float(config.routing_temperature)
        self.expert_mixture = GatedMemoryMixture(experts, config.memory_slots, width)
        self.routing_network = MemoryGatingNetwork(width, experts, temperature)
        self.expert_updater = ExpertUpdater(width, experts)
        self.memory_reader = AggregatedMemoryReader(width, experts, temperature, config.routing_mode)

    @property
    def experts(self) -> int:
        """How many memories a bank holds."""
        return int(self.config.num_memory_experts)

    def get_initial_memory(self, batch_size: int) -> MemoryBank:
        """The bank before the first segment, `{i: [B, slots, hidden]}`, on the model's device and in its dtype."""
        states = {i: self.expert_mixture.get_expert_state(i) for i in range(self.experts)}
        return {i: state.expand(batch_size, -1, -1) for i, state in states.items()}

    def _read(self, bank: MemoryBank, embeds: Tensor, mask: Tensor | None) -> tuple[Tensor, dict[str, Any]]:
        read, weights = self.memory_reader(bank, _mean(embeds, mask), self.routing_network)
        return read, {"read_weights": weights}

    def _write(self, bank: MemoryBank, written: Tensor) -> dict[str, Any]:
        weights = self.routing_network(written)
        return {"memory_state": self.expert_updater(bank, written, weights), "routing_weights": weights}

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)
        if isinstance(module, GatedMemoryMixture):
            for parameter in module.parameters():
                init.normal_(parameter, std=self.config.initializer_range)


def _mean(embeds: Tensor, mask: Tensor | None) -> Tensor:
    """The mean of the real tokens: embeds [B,T,D], mask [B,T] with 0 at padding -> [B,D]."""
    if mask is None:
        return embeds.mean(dim=1)
    weights = mask.to(embeds.dtype).unsqueeze(-1)
    return (embeds * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)


AutoModelForQuestionAnswering.register(GMMXLNetConfig, GMMXLNetForQA, exist_ok=True)

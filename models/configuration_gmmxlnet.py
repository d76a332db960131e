"""Configuration of XLNet with a gated mixture of memories."""

from huggingface_hub.dataclasses import strict
from transformers import AutoConfig

from .configuration_memxlnet import MemXLNetConfig, refuse_other_memory

ROUTING_MODES = ("write-based", "read-based")


@strict
class GMMXLNetConfig(MemXLNetConfig):  # type: ignore[no-untyped-call]
    """`num_memory_experts` memories of `memory_slots` vectors each, and how slots are routed to them.

    `routing_mode` is `write-based` (reading is routed by the network that routes writing) or `read-based` (reading has
    a network of its own). `routing_temperature` divides the scores before the softmax: below 1 the routing is sharper.
    `memory_type` is `gmm`. Raises `ValueError` for a value out of its range.
    """

    model_type = "gmmxlnet"

    memory_type: str = "gmm"
    num_memory_experts: int = 4
    routing_temperature: float | int = 1.0
    routing_mode: str = "write-based"

    def refuse_unbuildable(self) -> None:
        """Raise `ValueError` for fields from which no model can be built; also after they were set one by one."""
        refuse_other_memory(self, "gmm")
        if self.routing_mode not in ROUTING_MODES:
            raise ValueError(f"routing_mode is {self.routing_mode!r}: choose one of {', '.join(ROUTING_MODES)}")
        if self.num_memory_experts < 1:
            raise ValueError(f"num_memory_experts is {self.num_memory_experts}: a mixture has at least 1")
        if not self.routing_temperature > 0:
            raise ValueError(f"routing_temperature is {self.routing_temperature}: it must be above 0")
        if self.memory_slots < 1:
            raise ValueError(
                f"memory_slots is {self.memory_slots}: experts need at least 1 slot; MemXLNetForQA can do without"
            )


AutoConfig.register(GMMXLNetConfig.model_type, GMMXLNetConfig, exist_ok=True)

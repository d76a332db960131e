"""XLNet with a recurrent memory, for questions about documents longer than one segment."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import LongTensor, Tensor, nn
from transformers import AutoModelForQuestionAnswering, XLNetModel, XLNetPreTrainedModel
from transformers import initialization as init
from transformers.utils.generic import ModelOutput

from .card_memxlnet import write_card
from .checkpoint_memxlnet import load_whole
from .configuration_memxlnet import MemXLNetConfig
from .memory_bank import MemoryBank, refuse_unfit
from .span_loss import span_loss


@dataclass
class MemoryQAOutput(ModelOutput):
    """What a segment gave.

    `loss` is a scalar where positions were given; `start_logits` and `end_logits` are [B,T]; `memory_state` is the bank
    for the next segment, None where the memory is off. A mixture also says its routing: `routing_weights` [B,S,k] of
    what was written and `read_weights` [B,S,k] of what was read.
    """

    loss: Tensor | None = None
    start_logits: Tensor | None = None
    end_logits: Tensor | None = None
    memory_state: MemoryBank | None = None
    routing_weights: Tensor | None = None
    read_weights: Tensor | None = None
    hidden_states: tuple[Tensor, ...] | None = None
    attentions: tuple[Tensor, ...] | None = None


class RecurrentMemory(nn.Module):
    """One memory: where it starts, and the gated step by which it takes in what was written.

    `initial` is [slots, hidden]; the gate and the candidate are those of a GRU (Cho et al. 2014, arXiv:1406.1078).
    """

    def __init__(self, slots: int, hidden: int) -> None:
        super().__init__()
        self.initial = nn.Parameter(torch.empty(slots, hidden))
        self.gate_network = nn.Linear(2 * hidden, hidden)
        self.update_network = nn.Linear(2 * hidden, hidden)

    def forward(self, memory: Tensor, written: Tensor) -> Tensor:
        """memory and written [B,S,D] -> the memory after this segment, [B,S,D] in the dtype of `memory`."""
        both = torch.cat([memory, written], dim=-1)
        gate, candidate = self.gate_network(both).sigmoid(), self.update_network(both).tanh()
        after: Tensor = memory + (gate * (candidate - memory)).to(memory.dtype)
        return after


class MemXLNetForQA(XLNetPreTrainedModel):
    """Transformers' XLNet, whose segments see and rewrite a memory, with heads for the start and end of an answer.

    XLNet: Yang et al. 2019 (arXiv:1906.08237). Memory: Bulatov et al. 2022, *Recurrent Memory Transformer*
    (arXiv:2207.06881): its slots stand before the segment's tokens, attend and are attended to, and what comes out at
    their places is written. Gradients flow through the memory to earlier segments unless the bank is `detached`. With
    `memory_slots` 0 this is `XLNetForQuestionAnsweringSimple` with a head of another name.
    """

    config_class = MemXLNetConfig
    config: MemXLNetConfig
    supports_gradient_checkpointing = True
    # A bank moves when its holder says so; accelerate would copy it in every forward.
    _skip_keys_device_placement = ["memory_state"]  # noqa: RUF012

    def __init__(self, config: MemXLNetConfig) -> None:
        """Fresh weights. Raises `ValueError` for the configuration of another class."""
        if type(config) is not self.config_class:
            raise ValueError(
                f"{type(self).__name__} is built from a {self.config_class.__name__}, not a {type(config).__name__}"
            )
        config.refuse_unbuildable()
        super().__init__(config)
        self.gradient_checkpointing = False
        self.transformer = XLNetModel(config)  # type: ignore[no-untyped-call]
        self._build_memory(config)
        self.qa_head = nn.Linear(int(config.hidden_size), 2)
        self.post_init()  # type: ignore[no-untyped-call]

    def _build_memory(self, config: MemXLNetConfig) -> None:
        self.memory = RecurrentMemory(config.memory_slots, config.hidden_size) if config.memory_slots else None

    @property
    def experts(self) -> int:
        """How many memories a bank holds."""
        return 1 if self.config.memory_slots else 0

    def get_initial_memory(self, batch_size: int) -> MemoryBank:
        """The bank before the first segment, `{0: [B, slots, hidden]}`, on the model's device and in its dtype.

        It is the learned parameter seen B times, so that it learns too; empty where the memory is off.
        """
        if self.memory is None:
            return {}
        return {0: self.memory.initial.expand(batch_size, -1, -1)}

    def forward(
        self,
        input_ids: LongTensor | None = None,
        attention_mask: Tensor | None = None,
        token_type_ids: LongTensor | None = None,
        inputs_embeds: Tensor | None = None,
        memory_state: MemoryBank | None = None,
        start_positions: LongTensor | None = None,
        end_positions: LongTensor | None = None,
        **kwargs: Any,
    ) -> MemoryQAOutput:
        """Read one segment: logits [B,T] of where an answer starts and ends in it, and the bank for the next segment.

        input_ids int64 [B,T] or inputs_embeds [B,T,D], one of them; attention_mask [B,T], 0 at padding; token_type_ids
        int64 [B,T]. `memory_state` is the bank that the segment before returned, by default the initial one.
        `start_positions` and `end_positions` are int64 [B], in tokens of this segment; negative, or T and more, means
        that the answer is not here and counts for nothing. Raises `ValueError` for both inputs or neither, and for a
        bank of other experts, shape, dtype or device.
        """
        if (input_ids is None) == (inputs_embeds is None):
            raise ValueError("the model reads input_ids or inputs_embeds: pass exactly one of them")
        fed = {"input_ids": input_ids, "inputs_embeds": inputs_embeds, **kwargs}
        fed |= {"attention_mask": attention_mask, "token_type_ids": token_type_ids}
        hidden, backbone, found = self._read_segment(memory_state, fed)
        start, end = (logits.squeeze(-1).contiguous() for logits in self.qa_head(hidden).split(1, dim=-1))
        return MemoryQAOutput(
            loss=span_loss(start, end, start_positions, end_positions),
            start_logits=start,
            end_logits=end,
            hidden_states=backbone.hidden_states,
            attentions=backbone.attentions,
            **found,
        )

    def _read_segment(self, given: MemoryBank | None, fed: dict[str, Any]) -> tuple[Tensor, Any, dict[str, Any]]:
        """Hidden states of the tokens [B,T,D], the backbone's output, and what is to be told of the memory."""
        if self.experts == 0:
            if given:
                raise ValueError("memory_state was given and memory_slots is 0: pass none, or build with a memory")
            return *self._encoded(fed), {}
        ids, embeds = fed.pop("input_ids"), fed.pop("inputs_embeds")
        if embeds is None:
            embeds = self.transformer.word_embedding(ids)
        bank = self._bank(given, embeds)
        read, found = self._read(bank, embeds, fed["attention_mask"])
        hidden, backbone = self._encoded(_preceded(read, embeds, fed))
        slots = read.shape[1]
        return hidden[:, slots:], backbone, {**found, **self._write(bank, hidden[:, :slots])}

    def _bank(self, given: MemoryBank | None, embeds: Tensor) -> MemoryBank:
        if given is None:
            return self.get_initial_memory(embeds.shape[0])
        shape = (embeds.shape[0], self.config.memory_slots, embeds.shape[2])
        refuse_unfit(given, self.experts, embeds, shape)
        return given

    def _encoded(self, fed: dict[str, Any]) -> tuple[Tensor, Any]:
        """The backbone's last hidden states and its whole output; computed again in backward under checkpointing."""
        # XLNet's own cache of hidden states is another memory, which nobody would read here.
        fed = {"use_mems": False, **fed, "return_dict": True}
        if self.gradient_checkpointing and self.training:
            output = self._gradient_checkpointing_func(self.transformer.__call__, **fed)
        else:
            output = self.transformer(**fed)
        return output.last_hidden_state, output

    def _read(self, bank: MemoryBank, embeds: Tensor, mask: Tensor | None) -> tuple[Tensor, dict[str, Any]]:
        """What the segment sees of the bank, [B,S,D], and what is to be told of it."""
        return bank[0], {}

    def _write(self, bank: MemoryBank, written: Tensor) -> dict[str, Any]:
        """The bank after what came out at the places of the slots, [B,S,D], and what is to be told of it."""
        return {"memory_state": {0: self.memory(bank[0], written)}}  # type: ignore[misc]

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)  # type: ignore[no-untyped-call]
        if isinstance(module, RecurrentMemory):
            init.normal_(module.initial, std=self.config.initializer_range)

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path: Any, *args: Any, **kwargs: Any) -> Any:
        """Load a checkpoint whole, or raise `CheckpointError` and leave nothing behind.

        The arguments are transformers'. The rules are those of `checkpoint_memxlnet.load_whole`.
        """
        return load_whole(cls, super().from_pretrained, pretrained_model_name_or_path, *args, **kwargs)

    def save_pretrained(self, save_directory: Any, *args: Any, **kwargs: Any) -> None:
        """Write configuration and weights (safetensors) as transformers does, and a model card unless one is there."""
        super().save_pretrained(save_directory, *args, **kwargs)
        write_card(self.config, save_directory)


def _preceded(read: Tensor, embeds: Tensor, fed: dict[str, Any]) -> dict[str, Any]:
    """The backbone's arguments for the slots [B,S,D] followed by the tokens [B,T,D]."""
    batch, slots, _ = read.shape
    preceded = {**fed, "inputs_embeds": torch.cat([read, embeds], dim=1)}
    # The slots are never padding, and of the first type.
    for name, value in (("attention_mask", 1), ("token_type_ids", 0)):
        if (given := fed.get(name)) is not None:
            preceded[name] = torch.cat([given.new_full((batch, slots), value), given], dim=1)
    return preceded


AutoModelForQuestionAnswering.register(MemXLNetConfig, MemXLNetForQA, exist_ok=True)

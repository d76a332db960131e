"""The math reasoner: a stock causal language model under an exchangeable position encoding."""

from typing import Any

from torch import LongTensor, Tensor, nn
from transformers import AutoConfig, AutoModelForCausalLM, GenerationMixin, PreTrainedModel
from transformers.cache_utils import Cache
from transformers.utils.generic import ModelOutput

from .attention import encoded_name, register
from .backbones import BACKBONES
from .configuration_reasoner import MathReasonerConfig
from .encodings import ENCODINGS
from .positions import query_positions


class MathReasonerForCausalLM(PreTrainedModel, GenerationMixin):  # type: ignore[no-untyped-call]
    """A GPT-2 or GPT-NeoX that learns positions from one of `encodings.ENCODINGS` instead of its own.

    Build it from a `MathReasonerConfig`, load it with `from_pretrained`, or give new positions to a pretrained
    backbone with `transplant.from_backbone`. `generate`, caches, beams, checkpointing and adapters are transformers'
    own. `attn_implementation` is `sdpa` (default) or `eager`, which also returns attention weights.
    """

    config_class = MathReasonerConfig
    base_model_prefix = "backbone"
    supports_gradient_checkpointing = True
    _supports_sdpa = True
    _supports_attention_backend = True
    # Under a device_map, accelerate would otherwise move the shared encoding itself to each layer in turn.
    _skip_keys_device_placement = ["position_rotation", "position_bias"]  # noqa: RUF012

    def __init__(self, config: MathReasonerConfig) -> None:
        """Fresh weights; sets the configuration's attention to the registered function that encodes positions."""
        config._attn_implementation = encoded_name(config._attn_implementation)
        super().__init__(config)
        method = ENCODINGS[config.position_encoding]
        self.place = method.place
        self.position_encoding = method.build(
            hidden_size=config.hidden_size, num_heads=config.num_attention_heads, options=config.encoding_options
        )
        self.backbone = BACKBONES[config.backbone].build(config.inner)
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(
        self,
        input_ids: LongTensor | None = None,
        attention_mask: Tensor | None = None,
        position_ids: LongTensor | None = None,
        past_key_values: Cache | None = None,
        inputs_embeds: Tensor | None = None,
        labels: LongTensor | None = None,
        use_cache: bool | None = None,
        logits_to_keep: int | Tensor = 0,
        **kwargs: Any,
    ) -> ModelOutput:
        """Logits [B,T,V], and the loss if `labels` [B,T] are given, as transformers' causal models return them.

        input_ids [B,T] or inputs_embeds [B,T,D], one of them; attention_mask [B, past + T] marks padding, left or
        right, by 0.
        `position_ids` default to the count of real tokens; with a cache they may be offset but not skip.
        Raises `ValueError` for both inputs or neither.
        """
        if (input_ids is None) == (inputs_embeds is None):
            raise ValueError("the reasoner reads input_ids or inputs_embeds: pass exactly one of them")
        hidden = self.get_input_embeddings()(input_ids) if inputs_embeds is None else inputs_embeds
        positions: Tensor | None = position_ids
        if positions is None:
            past_length = 0 if past_key_values is None else past_key_values.get_seq_length()
            positions = query_positions(hidden, attention_mask, past_length)
        if self.place == "embedding":
            hidden = self.position_encoding(hidden, positions, token_ids=input_ids)
        else:
            kwargs[f"position_{self.place}"] = self.position_encoding
        output: ModelOutput = self.backbone(
            inputs_embeds=hidden,
            attention_mask=attention_mask,
            position_ids=positions,
            past_key_values=past_key_values,
            labels=labels,
            use_cache=use_cache,
            logits_to_keep=logits_to_keep,
            **kwargs,
        )
        return output

    def set_attn_implementation(
        self, attn_implementation: str | dict[str, Any], allow_all_kernels: bool = False
    ) -> None:
        """Choose `sdpa` or `eager`; raises `ValueError` for kernels that would ignore the position encoding."""
        wanted = attn_implementation.get("") if isinstance(attn_implementation, dict) else attn_implementation
        super().set_attn_implementation(encoded_name(wanted), allow_all_kernels)

    def get_input_embeddings(self) -> nn.Module:
        """The backbone's token embedding."""
        embedding: nn.Module = self.backbone.get_input_embeddings()
        return embedding

    def set_input_embeddings(self, value: nn.Module) -> None:
        """Replace the backbone's token embedding."""
        self.backbone.set_input_embeddings(value)

    def get_output_embeddings(self) -> nn.Module:
        """The backbone's head."""
        head: nn.Module = self.backbone.get_output_embeddings()
        return head

    def set_output_embeddings(self, new_embeddings: nn.Module) -> None:
        """Replace the backbone's head."""
        self.backbone.set_output_embeddings(new_embeddings)

    def _init_weights(self, module: nn.Module) -> None:
        # Only modules with parameters of their own get here on loading, which is why no encoding has layers inside.
        if module is not self.position_encoding:
            super()._init_weights(module)  # type: ignore[no-untyped-call]
        elif (reset := getattr(module, "reset_parameters", None)) is not None:
            reset()


register()
AutoConfig.register(MathReasonerConfig.model_type, MathReasonerConfig, exist_ok=True)
AutoModelForCausalLM.register(MathReasonerConfig, MathReasonerForCausalLM, exist_ok=True)

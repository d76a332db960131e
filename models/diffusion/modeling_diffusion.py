"""The bijective diffusion model: a stack of invertible blocks that predicts clean text from noisy text."""

from typing import Any, cast

import torch
from torch import LongTensor, Tensor, nn
from torch.nn.functional import cross_entropy
from transformers import AutoConfig, AutoModel, AutoModelForMaskedLM, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput, MaskedLMOutput

from .configuration_diffusion import BijectiveDiffusionConfig
from .coupling import Coupling
from .features import sinusoidal_features

LEAST_NOISE = 1


class BijectiveDiffusionPreTrainedModel(PreTrainedModel):  # type: ignore[no-untyped-call]
    """What both models tell transformers about themselves."""

    config_class = BijectiveDiffusionConfig
    base_model_prefix = "trunk"
    supports_gradient_checkpointing = True
    _supports_sdpa = True
    _no_split_modules = ["Coupling"]  # noqa: RUF012


class BijectiveDiffusionModel(BijectiveDiffusionPreTrainedModel):
    """The stack without a head: noisy ids -> hidden states. From embeddings to hidden states it is a bijection.

    `decode` and `inverse_decode` are the two directions of the bijection, [B,T,D] to [B,T,D] at the same timesteps
    and mask. The volume is preserved: `log_determinant` is 0 exactly, as `Coupling` explains. How exactly
    `inverse_decode(decode(x)) == x` is a matter of rounding alone: within `coupling.INVERSE_TOLERANCE`.
    """

    def __init__(self, config: BijectiveDiffusionConfig) -> None:
        """Fresh weights."""
        super().__init__(config)
        self.embedding = nn.Embedding(config.vocab_size, config.hidden_size)
        self.time = nn.Sequential(
            nn.Linear(config.half_size, config.half_size), nn.SiLU(), nn.Linear(config.half_size, config.half_size)
        )
        self.blocks = nn.ModuleList(Coupling(config) for _ in range(config.num_hidden_layers))
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(
        self,
        input_ids: LongTensor | None = None,
        timesteps: LongTensor | None = None,
        attention_mask: Tensor | None = None,
        inputs_embeds: Tensor | None = None,
        **kwargs: Any,
    ) -> BaseModelOutput:
        """Hidden states [B,T,D] of noisy ids [B,T] (or their embeddings [B,T,D], one of the two).

        timesteps, int64 [B], say how noisy each text is, 1..T; left out, it is taken for almost clean, 1.
        attention_mask [B,T] is 0 at padding, left or right. Raises `ValueError` for both inputs or neither.
        """
        if (input_ids is None) == (inputs_embeds is None):
            raise ValueError("the diffusion model reads input_ids or inputs_embeds: pass exactly one of them")
        embeds = self.embedding(input_ids) if inputs_embeds is None else inputs_embeds
        times: Tensor | None = timesteps
        if times is None:
            times = torch.full(embeds.shape[:1], LEAST_NOISE, device=embeds.device)
        return BaseModelOutput(last_hidden_state=self.decode(embeds, times, attention_mask))

    def decode(self, hidden: Tensor, timesteps: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """The bijection: hidden [B,T,D], timesteps int64 [B] -> [B,T,D]."""
        given = self._beside(hidden, timesteps, attention_mask)
        for block in self.blocks:
            hidden = block(hidden, *given)
        return hidden

    def inverse_decode(self, hidden: Tensor, timesteps: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """What `decode` made `hidden` of: [B,T,D] -> [B,T,D]."""
        given = self._beside(hidden, timesteps, attention_mask)
        for block in reversed(self.blocks):
            hidden = cast(Coupling, block).inverse(hidden, *given)
        return hidden

    @property
    def log_determinant(self) -> float:
        """log |det| of the Jacobian of `decode`."""
        return Coupling.LOG_DETERMINANT * len(self.blocks)

    def _beside(
        self, hidden: Tensor, timesteps: Tensor, attention_mask: Tensor | None
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """What every block gets beside the state: condition [B,1,D/2], positions, and bool [B,1,1,T] or None."""
        features = sinusoidal_features(timesteps, self.config.half_size).to(hidden.dtype)
        positions = torch.arange(hidden.shape[1], device=hidden.device)
        visible = None if attention_mask is None else attention_mask.bool()[:, None, None, :]
        return self.time(features).unsqueeze(1), positions, visible

    def get_input_embeddings(self) -> nn.Module:
        """The token embedding."""
        return self.embedding

    def set_input_embeddings(self, value: nn.Module) -> None:
        """Replace the token embedding."""
        self.embedding = cast(nn.Embedding, value)


class BijectiveDiffusionForDenoising(BijectiveDiffusionPreTrainedModel):
    """Predicts the clean token at every position of a noisy text: the x_0-parameterisation of D3PM.

    `bound.denoising_loss` trains it, `sampling.generate` and `sampling.denoise` use it.
    """

    def __init__(self, config: BijectiveDiffusionConfig) -> None:
        """Fresh weights."""
        super().__init__(config)
        self.trunk = BijectiveDiffusionModel(config)
        self.norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(
        self,
        input_ids: LongTensor | None = None,
        timesteps: LongTensor | None = None,
        attention_mask: Tensor | None = None,
        inputs_embeds: Tensor | None = None,
        labels: LongTensor | None = None,
        **kwargs: Any,
    ) -> MaskedLMOutput:
        """Logits [B,T,V] for the clean text; arguments as those of `BijectiveDiffusionModel`.

        labels [B,T], the clean ids, or -100 where none are known, add the plain cross-entropy in nats per token: the
        auxiliary term of Austin et al. 2021, equation 5. The bound itself needs the corruptor: `bound.denoising_loss`.
        """
        hidden = self.trunk(input_ids, timesteps, attention_mask, inputs_embeds).last_hidden_state
        logits: Tensor = self.head(self.norm(hidden))
        loss = None if labels is None else cross_entropy(logits.flatten(0, 1).float(), labels.flatten())
        return MaskedLMOutput(loss=loss, logits=logits)

    def get_output_embeddings(self) -> nn.Module:
        """The head."""
        return self.head

    def set_output_embeddings(self, new_embeddings: nn.Module) -> None:
        """Replace the head."""
        self.head = cast(nn.Linear, new_embeddings)


AutoConfig.register(BijectiveDiffusionConfig.model_type, BijectiveDiffusionConfig, exist_ok=True)
AutoModel.register(BijectiveDiffusionConfig, BijectiveDiffusionModel, exist_ok=True)
AutoModelForMaskedLM.register(BijectiveDiffusionConfig, BijectiveDiffusionForDenoising, exist_ok=True)

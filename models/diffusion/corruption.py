"""Corrupting text: tokens become a mask, or other tokens."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from .configuration_diffusion import BijectiveDiffusionConfig
from .noise_schedule import NoiseScheduler
from .randomness import integers, uniform


class TextCorruptor:
    """Makes clean text noisy: the forward process of D3PM.

    Austin et al. 2021, *Structured Denoising Diffusion Models in Discrete State-Spaces* (arXiv:2107.03006). Step t
    keeps a token with probability 1 - beta_t and otherwise draws it anew from the noise distribution m:
    Q_t = (1 - beta_t) I + beta_t 1 m', whose products are alpha_bar_t I + (1 - alpha_bar_t) 1 m'.
    `absorbing` noise is always the mask token; `uniform` noise is any token but mask and padding, alike.

    Not a module: `.to()` moves it together with its scheduler. `noise_probs` is m, [V], in the scheduler's dtype;
    `noise_ids` are the ids that m can give, int64. Padding is never corrupted. Raises `ValueError` for a scheduler of
    another length than the config's.
    """

    def __init__(self, config: BijectiveDiffusionConfig, scheduler: NoiseScheduler) -> None:
        """The corruption that `config` names, on the scheduler's device."""
        self.config = config
        self.scheduler = scheduler
        if scheduler.num_timesteps != config.num_timesteps:
            raise ValueError(
                f"the scheduler has {scheduler.num_timesteps} timesteps, the config {config.num_timesteps}: "
                "make the scheduler with `num_timesteps=config.num_timesteps`"
            )
        ids = noise_ids(config)
        probs = torch.zeros(config.vocab_size, dtype=torch.float64, device="cpu")
        probs[ids] = 1 / len(ids)
        self.noise_ids = torch.tensor(ids, device=scheduler.device)
        self.noise_probs = probs.to(scheduler.alpha_bars.dtype).to(scheduler.device)

    @property
    def device(self) -> torch.device:
        """Where the corruptor's own tables are; `ensure_device_compatibility` sees to it that all are there."""
        return self.noise_probs.device

    def to(self, device: torch.device | str) -> "TextCorruptor":
        """Move every table, the scheduler's too, in place, and return the corruptor."""
        self.scheduler.to(device)
        self.noise_ids = self.noise_ids.to(device)
        self.noise_probs = self.noise_probs.to(device)
        return self

    def corrupt(
        self,
        input_ids: Tensor,
        timesteps: Tensor,
        attention_mask: Tensor | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """A draw from q(x_t | x_0): input_ids int64 [B,T], timesteps int64 [B] in 0..T -> int64 [B,T].

        All on the corruptor's device; the generator may be elsewhere. Padding, where attention_mask [B,T] is 0 or,
        without one, where the id is the padding's, stays.
        """
        kept, _ = self.scheduler.survival(timesteps)
        draws = uniform(input_ids.shape, input_ids.device, generator).to(kept.dtype)
        replaced = (draws >= kept[:, None]) & self.is_text(input_ids, attention_mask)
        return torch.where(replaced, self.noise(input_ids.shape, generator), input_ids)

    def noise(self, shape: Sequence[int], generator: torch.Generator | None = None) -> Tensor:
        """Pure noise, x_T: int64 ids of the given shape, drawn from m, on the corruptor's device."""
        drawn = integers(0, len(self.noise_ids), shape, self.noise_ids.device, generator)
        return self.noise_ids.index_select(0, drawn.flatten()).view(drawn.shape)

    def is_text(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """Where there is no padding: bool [B,T]."""
        if attention_mask is not None:
            return attention_mask.bool()
        if self.config.pad_token_id is None:
            return torch.ones_like(input_ids, dtype=torch.bool)
        return input_ids != self.config.pad_token_id

    def marginal(self, input_ids: Tensor, timesteps: Tensor) -> Tensor:
        """The probabilities q(x_t | x_0) of every token: int64 [B,T] and [B] -> [B,T,V]."""
        kept, noised = (part[:, None, None] for part in self.scheduler.survival(timesteps))
        return kept * one_hot(input_ids, self.config.vocab_size) + noised * self.noise_probs


def noise_ids(config: BijectiveDiffusionConfig) -> list[int]:
    """The ids that noise can be."""
    if config.corruption == "absorbing":
        return [config.mask_token_id]
    return [token for token in range(config.vocab_size) if token not in (config.mask_token_id, config.pad_token_id)]

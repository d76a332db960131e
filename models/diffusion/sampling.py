"""Generation: from noise, step by step, to text."""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from .corruption import TextCorruptor
from .modeling_diffusion import BijectiveDiffusionForDenoising
from .posterior import clean_log_probs, posterior_log_probs
from .randomness import uniform


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Denoised:
    """`start_ids` is the noisy text that the steps began with, `ids` what they made of it: int64 [B,T] both."""

    start_ids: Tensor
    ids: Tensor
    is_text: Tensor

    @property
    def change_rate(self) -> float:
        """The share of tokens, without padding, that the steps changed: 0 to 1."""
        return token_change_rate(self.start_ids, self.ids, self.is_text)


def token_change_rate(before: Tensor, after: Tensor, is_text: Tensor | None = None) -> float:
    """The share of tokens that differ, 0 to 1: two int64 [B,T], and bool [B,T] that is False where not to look."""
    looked_at = torch.ones_like(before, dtype=torch.bool) if is_text is None else is_text
    total = int(looked_at.sum())
    return int(((before != after) & looked_at).sum()) / total if total else 0.0


def generate(
    model: BijectiveDiffusionForDenoising,
    corruptor: TextCorruptor,
    shape: tuple[int, int],
    generator: torch.Generator | None = None,
    num_steps: int | None = None,
) -> Denoised:
    """New texts of `shape` (batch, length) from pure noise; see `denoise`."""
    noise = corruptor.noise(shape, generator)
    everywhere = torch.ones_like(noise)
    last = corruptor.scheduler.num_timesteps
    return denoise(model, corruptor, noise, last, everywhere, generator=generator, num_steps=num_steps)


@torch.no_grad()
def denoise(
    model: BijectiveDiffusionForDenoising,
    corruptor: TextCorruptor,
    noisy_ids: Tensor,
    timestep: int,
    attention_mask: Tensor | None = None,
    *,
    generator: torch.Generator | None = None,
    num_steps: int | None = None,
) -> Denoised:
    """Repair texts that are as noisy as after `timestep` steps of corruption: int64 [B,T] -> int64 [B,T].

    Ancestral sampling: x_s is drawn from the model's p(x_s | x_t), `posterior_log_probs`, down to s = 0; `num_steps`
    below `timestep` takes longer strides. Everything is on the model's device; the draws come from the generator, so
    that the same one gives the same text on every device up to the rounding of logits. Padding is left alone.
    Raises `ValueError` for a timestep outside 1..T, a number of steps outside 1..timestep, and for text that holds
    mask tokens where the corruption makes none.
    """
    levels = _levels(timestep, num_steps, corruptor.scheduler.num_timesteps)
    is_text = corruptor.is_text(noisy_ids, attention_mask)
    if corruptor.config.corruption != "absorbing" and bool((noisy_ids == corruptor.config.mask_token_id).any()):
        raise ValueError(
            f"the text holds mask tokens, which {corruptor.config.corruption} corruption never makes: "
            "put `corruptor.noise(...)` in their place"
        )
    ids = noisy_ids
    for later, earlier in pairwise(levels):
        times = torch.full(ids.shape[:1], later, device=ids.device)
        logits = model(input_ids=ids, timesteps=times, attention_mask=attention_mask).logits
        guess = clean_log_probs(corruptor, logits)
        back = posterior_log_probs(corruptor, ids, guess, times, torch.full_like(times, earlier))
        ids = torch.where(is_text, _draw(back, generator), ids)
    return Denoised(start_ids=noisy_ids, ids=ids, is_text=is_text)


def _levels(timestep: int, num_steps: int | None, last: int) -> list[int]:
    """The timesteps to stand on, from the first down to 0."""
    if not 1 <= timestep <= last:
        raise ValueError(f"timestep is {timestep}: give one of 1 to {last}")
    steps = timestep if num_steps is None else num_steps
    if not 1 <= steps <= timestep:
        raise ValueError(f"num_steps is {steps}: give one of 1 to {timestep}")
    return [round(timestep * left / steps) for left in range(steps, -1, -1)]


def _draw(log_probs: Tensor, generator: torch.Generator | None) -> Tensor:
    """A draw for each token by the Gumbel-max trick: [B,T,V] -> int64 [B,T]."""
    draws = uniform(log_probs.shape, log_probs.device, generator)
    tiny = torch.finfo(draws.dtype).tiny
    gumbel = -(-draws.clamp(min=tiny).log()).clamp(min=tiny).log()
    return (log_probs + gumbel).argmax(-1)

"""One step back: the posterior of the corruption, and the model's own."""

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from .corruption import TextCorruptor


def clean_log_probs(corruptor: TextCorruptor, logits: Tensor) -> Tensor:
    """The model's prediction of the clean text, log p(x_0 | x_t): logits [B,T,V] -> [B,T,V], at least float32.

    The mask token gets no probability: no clean text holds it (Sahoo et al. 2024, arXiv:2406.07524, "zero masking").
    """
    logits = logits.to(torch.promote_types(logits.dtype, torch.float32))
    is_mask = torch.arange(logits.shape[-1], device=logits.device) == corruptor.config.mask_token_id
    return logits.masked_fill(is_mask, -torch.inf).log_softmax(-1)


def known_log_probs(corruptor: TextCorruptor, clean_ids: Tensor) -> Tensor:
    """The same where the clean text is known: int64 [B,T] -> [B,T,V], 0 at the token and -inf elsewhere."""
    hits = one_hot(clean_ids, corruptor.config.vocab_size)
    return hits.to(corruptor.noise_probs.dtype).log()


def posterior_log_probs(
    corruptor: TextCorruptor, noisy_ids: Tensor, clean: Tensor, timesteps: Tensor, earlier: Tensor | None = None
) -> Tensor:
    """log p(x_s | x_t) of every token, s < t, given log-probabilities of the clean text: [B,T,V].

    Austin et al. 2021, equations 3 and 4: proportional to q(x_t | x_s) times the sum of q(x_s | x_0) p(x_0 | x_t).
    noisy_ids int64 [B,T] are x_t; `clean` [B,T,V] comes from `clean_log_probs`, or from `known_log_probs` for the
    true posterior q(x_s | x_t, x_0). timesteps int64 [B] are t, in 1..T; `earlier` is s, by default t - 1.
    """
    earlier = timesteps - 1 if earlier is None else earlier
    kept, noised = (part[:, None, None] for part in corruptor.scheduler.transition(earlier, timesteps))
    kept_before, noised_before = (part[:, None, None] for part in corruptor.scheduler.survival(earlier))
    drawn = corruptor.noise_probs.index_select(0, noisy_ids.flatten()).view(*noisy_ids.shape, 1)
    stays = one_hot(noisy_ids, clean.shape[-1])
    # Padding is never corrupted, so it can stand where only noise is possible: it stays.
    forward = _log(torch.where(kept + noised * drawn > 0, kept * stays + noised * drawn, stays))
    before = _log(kept_before * clean.exp() + noised_before * corruptor.noise_probs)
    return (forward + before).log_softmax(-1)


def _log(probs: Tensor) -> Tensor:
    """The logarithm, -inf at 0, with a gradient of 0 there instead of NaN."""
    is_possible = probs > 0
    return torch.where(is_possible, probs.where(is_possible, 1).log(), -torch.inf)

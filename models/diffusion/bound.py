"""The loss: a bound on how unlikely the model finds a text."""

from dataclasses import dataclass

import torch
from torch import Tensor

from .corruption import TextCorruptor
from .modeling_diffusion import BijectiveDiffusionForDenoising
from .posterior import clean_log_probs, known_log_probs, posterior_log_probs
from .randomness import integers, uniform

AUXILIARY_WEIGHT = 0.01


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DenoisingLoss:
    """`total` = `bound` + weight * `cross_entropy`: scalars in nats per token, of which the first has the gradient."""

    total: Tensor
    bound: Tensor
    cross_entropy: Tensor


def variational_terms(
    corruptor: TextCorruptor, logits: Tensor, clean_ids: Tensor, noisy_ids: Tensor, timesteps: Tensor
) -> Tensor:
    """The term t of the variational bound at every token: [B,T], in nats, never negative but for rounding.

    Austin et al. 2021 (arXiv:2107.03006), equation 1: KL(q(x_t-1 | x_t, x_0) || p(x_t-1 | x_t)), which for t = 1 is
    -log p(x_0 | x_1). The term of the prior, KL(q(x_T | x_0) || p(x_T)), is 0: alpha_bar_T is.
    """
    model = posterior_log_probs(corruptor, noisy_ids, clean_log_probs(corruptor, logits), timesteps)
    known = known_log_probs(corruptor, clean_ids).to(model.dtype)
    truth = posterior_log_probs(corruptor, noisy_ids, known, timesteps)
    is_possible = truth > -torch.inf
    gaps = truth.where(is_possible, 0) - model.where(is_possible, 0)
    return (truth.exp() * gaps).sum(-1)


def denoising_loss(
    model: BijectiveDiffusionForDenoising,
    corruptor: TextCorruptor,
    clean_ids: Tensor,
    attention_mask: Tensor | None = None,
    generator: torch.Generator | None = None,
    auxiliary_weight: float = AUXILIARY_WEIGHT,
) -> DenoisingLoss:
    """Corrupt a batch at random timesteps and score the model's repair of it; clean_ids int64 [B,T].

    L_vb + weight * cross-entropy, Austin et al. 2021, equation 5 (weight 0.01 in their text experiments). L_vb is
    estimated without bias from one timestep for each text: T times its term, averaged over the tokens that are no
    padding. With a generator the draws are the same on every device.
    """
    timesteps = random_timesteps(corruptor, len(clean_ids), generator)
    noisy_ids = corruptor.corrupt(clean_ids, timesteps, attention_mask, generator)
    return loss_at(model, corruptor, (clean_ids, noisy_ids), timesteps, attention_mask, auxiliary_weight)


def loss_at(
    model: BijectiveDiffusionForDenoising,
    corruptor: TextCorruptor,
    texts: tuple[Tensor, Tensor],
    timesteps: Tensor,
    attention_mask: Tensor | None = None,
    auxiliary_weight: float = AUXILIARY_WEIGHT,
) -> DenoisingLoss:
    """The loss of texts that were corrupted already: `texts` are the clean and the noisy ids, int64 [B,T] each."""
    clean_ids, noisy_ids = texts
    is_text = corruptor.is_text(clean_ids, attention_mask)
    logits = model(input_ids=noisy_ids, timesteps=timesteps, attention_mask=attention_mask).logits
    terms = variational_terms(corruptor, logits, clean_ids, noisy_ids, timesteps)
    guesses = clean_log_probs(corruptor, logits).gather(-1, clean_ids.unsqueeze(-1)).squeeze(-1)
    bound = corruptor.scheduler.num_timesteps * _mean(terms, is_text)
    cross_entropy = -_mean(guesses, is_text)
    total = bound + auxiliary_weight * cross_entropy
    return DenoisingLoss(total=total, bound=bound.detach(), cross_entropy=cross_entropy.detach())


def random_timesteps(
    corruptor: TextCorruptor, batch: int, generator: torch.Generator | None = None, *, stratified: bool = False
) -> Tensor:
    """Timesteps 1..T for a batch: int64 [B] on the corruptor's device, each of them uniform.

    `stratified` spreads them evenly over 1..T, from a common random start (Kingma et al. 2021, arXiv:2107.00630,
    appendix I.1): the mean over the batch is as unbiased, and varies less.
    """
    last, device = corruptor.scheduler.num_timesteps, corruptor.device
    if not stratified:
        return integers(1, last + 1, (batch,), device, generator)
    start = uniform((1,), device, generator)
    spread = torch.arange(batch, dtype=torch.float32, device=device) / batch
    return ((start + spread).remainder(1) * last).long().clamp(max=last - 1) + 1


def _mean(values: Tensor, is_text: Tensor) -> Tensor:
    """The mean over the tokens that are no padding."""
    return values.where(is_text, 0).sum() / is_text.sum()

"""Losses: targets, class weights and lengths on another device."""

import torch
from torch import Tensor
from torch.nn import functional

from .made import floats, integers, scalar


def cross_entropy(logits: str, target: str, weight: str) -> Tensor:
    """`cross_entropy` with class weights."""
    return functional.cross_entropy(floats(logits, 2, 3), integers(target, 0, 2), floats(weight, 3) + 1)


def cross_entropy_of_probabilities(logits: str, target: str) -> Tensor:
    """`cross_entropy` of soft targets."""
    return functional.cross_entropy(floats(logits, 2, 3), floats(target, 2, 3))


def binary(logits: str, target: str, weight: str) -> Tensor:
    """`binary_cross_entropy_with_logits` with `pos_weight`."""
    return functional.binary_cross_entropy_with_logits(
        floats(logits, 2), floats(target, 2), pos_weight=floats(weight, 2)
    )


def binary_of_scalar_weight(logits: str, target: str, weight: str) -> Tensor:
    """The same with a 0-dim `pos_weight`, which may be on the CPU."""
    return functional.binary_cross_entropy_with_logits(floats(logits, 2), floats(target, 2), pos_weight=scalar(weight))


def mse(prediction: str, target: str) -> Tensor:
    """`mse_loss`."""
    return functional.mse_loss(floats(prediction, 2), floats(target, 2))


def mse_of_scalars(prediction: str, target: str) -> Tensor:
    """`mse_loss` of 0-dim tensors."""
    return functional.mse_loss(scalar(prediction), scalar(target))


def divergence(prediction: str, target: str) -> Tensor:
    """`kl_div`."""
    return functional.kl_div(floats(prediction, 1, 2), floats(target, 1, 2), reduction="batchmean")


def ctc(log_probs: str, targets: str, input_lengths: str, target_lengths: str) -> Tensor:
    """`ctc_loss`, whose targets and lengths may be on the CPU."""
    return functional.ctc_loss(
        floats(log_probs, 4, 1, 3).log_softmax(-1),
        integers(targets, 1, 2)[None],
        integers(input_lengths, 4),
        integers(target_lengths, 2),
    )


def cosine_embedding(first: str, second: str, target: str) -> Tensor:
    """`cosine_embedding_loss`."""
    return functional.cosine_embedding_loss(floats(first, 1, 2), floats(second, 1, 2), integers(target, 1))


def nll(log_probs: str, target: str) -> Tensor:
    """`nll_loss` of images."""
    return functional.nll_loss(floats(log_probs, 1, 2, 1, 1), torch.zeros(1, 1, 1, dtype=torch.long).to(target))


PROGRAMS = (
    cross_entropy,
    cross_entropy_of_probabilities,
    binary,
    binary_of_scalar_weight,
    mse,
    mse_of_scalars,
    divergence,
    ctc,
    cosine_embedding,
    nll,
)

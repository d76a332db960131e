"""The loss of an answer's span."""

from torch import LongTensor, Tensor
from torch.nn.functional import cross_entropy


def span_loss(start: Tensor, end: Tensor, starts: LongTensor | None, ends: LongTensor | None) -> Tensor | None:
    """Mean cross entropy (in nats) of the start and of the end, halved; None without positions.

    start, end: logits [B,T]; starts, ends: int64 [B]. A position outside the segment (negative, or T and more) counts
    for nothing; where all are outside the loss is 0, and still has a gradient. Devlin et al. 2019 (arXiv:1810.04805),
    section 4.2; the same numbers as `XLNetForQuestionAnsweringSimple` gives, which cannot do without an answer.
    """
    if starts is None or ends is None:
        return None
    return (_one(start, starts) + _one(end, ends)) / 2


def _one(logits: Tensor, positions: Tensor) -> Tensor:
    length = logits.shape[-1]
    outside = (positions < 0) | (positions >= length)
    targets = positions.masked_fill(outside, length)
    loss = cross_entropy(logits, targets, ignore_index=length)
    # Nothing to average is 0/0 = nan; the choice is made on the device, where asking would wait for it.
    return loss.where(~outside.all(), logits.sum() * 0.0)

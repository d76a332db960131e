"""Loss functions, forward and backward."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

# Called with logits [3, 4], a like-shaped target in 0..1, and class indices [3].
LOSSES = {
    "cross_entropy": lambda x, y, k: F.cross_entropy(x, k),
    "cross_entropy smoothed": lambda x, y, k: F.cross_entropy(x, k, label_smoothing=0.1, ignore_index=0),
    "cross_entropy weighted": lambda x, y, k: F.cross_entropy(x, k, torch.ones(4, device=x.device)),
    "cross_entropy soft": lambda x, y, k: F.cross_entropy(x, y),
    "nll": lambda x, y, k: F.nll_loss(x.log_softmax(-1), k),
    "bce": lambda x, y, k: F.binary_cross_entropy(x.sigmoid(), y),
    "bce logits": lambda x, y, k: nn.BCEWithLogitsLoss(pos_weight=torch.ones(4, device=x.device))(x, y),
    "mse": lambda x, y, k: F.mse_loss(x, y),
    "l1": lambda x, y, k: F.l1_loss(x, y),
    "smooth_l1": lambda x, y, k: F.smooth_l1_loss(x, y),
    "huber": lambda x, y, k: F.huber_loss(x, y),
    "kl_div": lambda x, y, k: F.kl_div(x.log_softmax(-1), y, reduction="batchmean"),
    "poisson": lambda x, y, k: F.poisson_nll_loss(x, y),
    "gaussian": lambda x, y, k: F.gaussian_nll_loss(x, y, torch.ones_like(x)),
    "gaussian, number": lambda x, y, k: F.gaussian_nll_loss(x, y, 1.0),
    "cosine": lambda x, y, k: F.cosine_embedding_loss(x, y, torch.ones(3, device=x.device)),
    "hinge": lambda x, y, k: F.hinge_embedding_loss(x, y.round() * 2 - 1),
    "margin ranking": lambda x, y, k: F.margin_ranking_loss(x, y, torch.ones_like(x)),
    "multi margin": lambda x, y, k: F.multi_margin_loss(x, k),
    "multilabel margin": lambda x, y, k: F.multilabel_margin_loss(x, y.round().long()),
    "multilabel soft": lambda x, y, k: F.multilabel_soft_margin_loss(x, y.round()),
    "soft margin": lambda x, y, k: F.soft_margin_loss(x, y.round() * 2 - 1),
    "triplet": lambda x, y, k: F.triplet_margin_loss(x, y, x * 2),
    "triplet with distance": lambda x, y, k: F.triplet_margin_with_distance_loss(x, y, x * 2),
    "adaptive softmax": lambda x, y, k: (
        nn.AdaptiveLogSoftmaxWithLoss(4, 6, [2, 4], div_value=1.0).to(x.device)(x, k).loss
    ),
}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_losses(same, loss):
    def program(d):
        logits = torch.linspace(-1, 1, 12, device=d).view(3, 4).requires_grad_()
        target = torch.linspace(0.1, 0.9, 12, device=d).view(3, 4)
        out = loss(logits, target, torch.tensor([1, 3, 0], device=d))
        out.backward()
        return out, logits.grad

    same(program)


@pytest.mark.parametrize("targets_there", [True, False])
@pytest.mark.parametrize("lengths_there", [True, False])
def test_ctc_takes_targets_and_lengths_from_anywhere(same, targets_there, lengths_there):
    def program(d):
        logits = torch.linspace(-1, 1, 40).view(5, 2, 4).to(d).requires_grad_()
        targets = torch.tensor([[1, 2], [3, 1]], device=d if targets_there else "cpu")
        lengths = [torch.tensor(n, device=d if lengths_there else "cpu") for n in ([5, 4], [2, 1])]
        out = F.ctc_loss(logits.log_softmax(-1), targets, *lengths)
        out.backward()
        return out, logits.grad

    same(program)


def test_ctc_on_the_cpu_with_targets_on_the_device(same):
    def program(d):
        logits = torch.linspace(-1, 1, 40).view(5, 2, 4)
        targets = torch.tensor([[1, 2], [3, 1]], device=d)
        return F.ctc_loss(logits.log_softmax(-1), targets, torch.tensor([5, 4]), torch.tensor([2, 1]))

    same(program, host=(0,))

import pytest
import torch

from samedevice.models.span_loss import span_loss

START = torch.tensor([[0.0, 1.0, 2.0], [1.0, 0.0, 0.0]])
END = torch.tensor([[3.0, 0.0, 0.0], [0.0, 0.0, 5.0]])


def test_it_is_the_mean_of_the_negative_log_probabilities():
    loss = span_loss(START, END, torch.tensor([2, 0]), torch.tensor([2, 2]))
    logs = START.double().log_softmax(-1), END.double().log_softmax(-1)
    expected = -((logs[0][0, 2] + logs[0][1, 0]) / 2 + (logs[1][0, 2] + logs[1][1, 2]) / 2) / 2
    assert loss.item() == pytest.approx(expected.item())


@pytest.mark.parametrize("outside", [-1, -100, 3, 99])
def test_an_answer_elsewhere_counts_for_nothing(outside):
    both = span_loss(START, END, torch.tensor([2, outside]), torch.tensor([1, outside]))
    alone = span_loss(START[:1], END[:1], torch.tensor([2]), torch.tensor([1]))
    assert torch.equal(both, alone)


def test_where_all_answers_are_elsewhere_the_loss_is_zero_and_has_a_gradient_of_zero():
    start, end = START.clone().requires_grad_(), END.clone().requires_grad_()
    loss = span_loss(start, end, torch.tensor([-1, 7]), torch.tensor([-1, 7]))
    loss.backward()
    assert loss.item() == 0
    assert start.grad.tolist() == [[0] * 3] * 2


def test_without_positions_there_is_none():
    assert span_loss(START, END, None, torch.tensor([0, 0])) is None

import pytest
import torch
from torch import nn

from samedevice.suites.placement.backward import BACKWARD


class Gate(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, aware):
        ctx.aware = aware
        return x * 2

    @staticmethod
    def backward(ctx, gradient):
        slope = torch.full((3,), 2.0, device=gradient.device if ctx.aware else "cpu")
        return gradient * slope, None


class Gated(nn.Module):
    def __init__(self, aware=False):
        super().__init__()
        self.weight, self.aware = nn.Parameter(torch.ones(3)), aware

    def forward(self, x):
        return Gate.apply(x * self.weight, self.aware)


def test_a_backward_formula_on_the_cpu(findings):
    first = findings(BACKWARD, Gated)[0]
    assert (first.code, first.subject) == ("SD201", "slope")
    assert first.use.line == first.origin.line + 1


def test_a_backward_formula_on_the_device(findings):
    assert findings(BACKWARD, lambda: Gated(aware=True)) == []


class Hooked(nn.Module):
    def __init__(self, hook):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))
        self.weight.register_hook(hook)

    def forward(self, x):
        return x * self.weight


def test_a_gradient_that_was_sent_to_the_cpu(findings):
    (first,) = findings(BACKWARD, lambda: Hooked(lambda gradient: gradient.cpu()))
    assert first.code == "SD201"
    assert "hook '<lambda>' has changed the type of value" in first.message
    assert first.origin.file == __file__


def test_a_gradient_that_was_scaled(findings):
    assert findings(BACKWARD, lambda: Hooked(lambda gradient: gradient * torch.tensor(2.0))) == []


class Checkpointed(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(3, 3), nn.Dropout(0.5))

    def forward(self, x):
        return torch.utils.checkpoint.checkpoint(self.inner, x, use_reentrant=False)


def test_checkpointing(findings):
    assert findings(BACKWARD, Checkpointed) == []


class Fixed(nn.Module):
    def forward(self, x):
        return x.argmax()


def test_a_model_that_does_not_learn_is_not_checked(findings):
    with pytest.raises(AssertionError, match="no output requires grad"):
        findings(BACKWARD, Fixed)

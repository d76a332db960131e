import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.suites.positions.gradient import GRADIENT

CPU = Device(kind="cpu")


class Scaled(nn.Module):
    """Healthy, but for what a subclass does to the scale."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))

    def seen(self):
        return self.scale

    def forward(self, hidden, positions):
        return hidden + self.seen() * positions.unsqueeze(-1)


class Detached(Scaled):
    def seen(self):
        return self.scale.detach()


class Multiplied(Scaled):
    def seen(self):
        return self.scale * 0.0


class Rooted(Scaled):
    """The derivative of a square root at 0 is infinite."""

    def seen(self):
        return (self.scale - 1.0).sqrt()


class Cut(Scaled):
    def forward(self, hidden, positions):
        return super().forward(hidden.detach(), positions)


def found(result):
    return [(finding.code, finding.subject, finding.message) for finding in result.findings]


def test_a_parameter_that_learns_is_healthy(outcome, embedding_inputs):
    assert found(outcome(GRADIENT, Scaled, CPU, embedding_inputs)) == []


def test_a_detached_parameter_is_found(outcome, embedding_inputs):
    result = outcome(GRADIENT, Detached, CPU, embedding_inputs)
    assert found(result) == [("SD803", "scale", "it receives no gradient")]


def test_gradients_of_zero_are_found(outcome, embedding_inputs):
    result = outcome(GRADIENT, Multiplied, CPU, embedding_inputs)
    assert found(result) == [("SD803", "scale", "all of its gradients are zero")]


def test_gradients_that_are_not_finite_are_found(outcome, embedding_inputs):
    result = outcome(GRADIENT, Rooted, CPU, embedding_inputs)
    assert found(result) == [("SD803", "scale", "1 of 1 gradients are not finite")]


def test_a_gradient_that_does_not_pass_is_found(outcome, embedding_inputs):
    result = outcome(GRADIENT, Cut, CPU, embedding_inputs)
    assert found(result) == [("SD803", "hidden", "it receives no gradient")]

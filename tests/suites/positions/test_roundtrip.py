import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.suites.positions.roundtrip import ROUNDTRIP

CPU = Device(kind="cpu")
DRAWS = torch.Generator().manual_seed(1)


class Redrawn(nn.Module):
    """Random features that are drawn anew by each instance and not saved."""

    def __init__(self):
        super().__init__()
        self.register_buffer("features", torch.randn(32, generator=DRAWS), persistent=False)

    def forward(self, hidden, positions):
        return hidden + self.features


class Growing(nn.Module):
    """A weight that appears with the first use."""

    made = 0

    def __init__(self):
        super().__init__()
        type(self).made += 1
        if type(self).made % 2:
            self.extra = nn.Parameter(torch.ones(1))

    def forward(self, hidden, positions):
        return hidden


class Fixed(nn.Module):
    """Reads its state from elsewhere and ignores what is loaded."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))

    def _load_from_state_dict(self, *args, **kwargs):
        return None

    def forward(self, hidden, positions):
        return hidden * self.scale


def found(result):
    return [(finding.code, finding.subject) for finding in result.findings]


def test_unsaved_random_features_are_found(outcome, embedding_inputs):
    assert found(outcome(ROUNDTRIP, Redrawn, CPU, embedding_inputs)) == [("SD501", "output")]


def test_a_weight_that_does_not_come_back_is_found(outcome, embedding_inputs):
    assert found(outcome(ROUNDTRIP, Fixed, CPU, embedding_inputs)) == [("SD501", "scale")]


def test_a_state_dict_that_does_not_load_is_found(outcome, embedding_inputs):
    (finding,) = outcome(ROUNDTRIP, Growing, CPU, embedding_inputs).findings
    assert "Unexpected key(s) in state_dict" in finding.message

import torch
from transformers.utils import logging

from samedevice.harness.device import Device
from samedevice.harness.result import Status
from samedevice.models.encodings.sinusoidal import Sinusoidal
from samedevice.suites.math.roundtrip import ROUNDTRIP

CPU = Device(kind="cpu")


class ExtraWeight(Sinusoidal):
    """A weight that the class which loads the model does not know."""

    def __init__(self):
        super().__init__(64)
        self.extra = torch.nn.Parameter(torch.ones(1))


class HiddenState(Sinusoidal):
    """A number that is no part of the state dict."""

    factor = 3.0

    def __init__(self):
        super().__init__(64)

    def forward(self, hidden, positions, token_ids=None):
        return super().forward(hidden * self.factor, positions)


def test_a_healthy_model_comes_back(outcome, healthy):
    for device in (CPU, Device(kind="cuda", virtual=True)):
        assert outcome(ROUNDTRIP, healthy, device).status is Status.PASS


def test_a_lost_weight_is_found(outcome, infected):
    (finding,) = outcome(ROUNDTRIP, infected(ExtraWeight), CPU).findings
    assert (finding.code, finding.subject) == ("SD501", "position_encoding.extra")
    assert finding.message == "it was saved and did not come back"


def test_state_outside_the_state_dict_is_found(outcome, infected):
    (finding,) = outcome(ROUNDTRIP, infected(HiddenState), CPU).findings
    assert (finding.code, finding.subject) == ("SD501", "logits")


def test_a_model_that_cannot_be_saved_is_found(outcome):
    class Unsaveable(torch.nn.Linear):
        def __init__(self):
            super().__init__(2, 2)

    (finding,) = outcome(ROUNDTRIP, Unsaveable, CPU).findings
    assert finding.code == "SD501"
    assert "AttributeError" in finding.message


def test_progress_bars_are_as_before(outcome, healthy):
    before = logging.is_progress_bar_enabled()
    outcome(ROUNDTRIP, healthy, CPU)
    assert logging.is_progress_bar_enabled() is before

import pytest
import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.harness.errors import NotChecked
from samedevice.harness.roundtrip.hand import take
from samedevice.harness.target import Target

CPU = Device(kind="cpu")


def taken(build):
    return take(Target(name="lazy", build=build, inputs=lambda: (torch.ones(1, 3),)), CPU)


def test_a_lazy_model_has_nothing_to_save_yet():
    with pytest.raises(NotChecked, match=r"`0\.weight` has no shape before the first call: call the model once"):
        taken(lambda: nn.Sequential(nn.LazyLinear(2)))


def test_a_lazy_model_that_was_called_is_taken():
    def build():
        model = nn.Sequential(nn.LazyLinear(2))
        model(torch.ones(1, 3))
        return model

    assert taken(build).model[0].weight.shape == (2, 3)

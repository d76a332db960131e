import pytest
import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.harness.finding import Severity
from samedevice.harness.formats import named
from samedevice.suites.serialization.roundtrip import in_format

CPU = Device(kind="cpu")


def batch():
    return {"x": torch.linspace(-1, 1, 6).reshape(2, 3)}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 3)

    def forward(self, x):
        return self.linear(x)


class Averaged(Net):
    def __init__(self):
        super().__init__()
        self.average = self.kept([p.detach().clone() for p in self.parameters()])

    def kept(self, copies):
        return copies

    def forward(self, x):
        average = list(self.average.values()) if isinstance(self.average, dict) else self.average
        return super().forward(x) + sum(copy.detach().sum() for copy in average)


class AveragedByName(Averaged):
    def kept(self, copies):
        return dict(zip(("weight", "bias"), copies, strict=True))


class OneCopy(Averaged):
    def kept(self, copies):
        return copies[:1]


class Trained(Averaged):
    def kept(self, copies):
        return [copy.requires_grad_() for copy in copies]


class OtherShapes(Averaged):
    def kept(self, copies):
        return [copy[:2] for copy in copies]


@pytest.mark.parametrize("factory", [Averaged, AveragedByName])
def test_a_trainers_copy_of_the_weights_is_a_note(outcome, factory):
    (finding,) = outcome(in_format(named("state_dict")), factory, CPU, batch).findings
    assert (finding.code, finding.severity, finding.subject) == ("SD507", Severity.NOTE, "average")
    assert finding.hint == (
        "`average` copies the parameters of the model one by one: whoever trains on from the file saves it beside them"
    )


@pytest.mark.parametrize("factory", [OneCopy, Trained, OtherShapes])
def test_what_only_looks_like_a_trainers_copy_is_an_error(outcome, factory):
    findings = outcome(in_format(named("state_dict")), factory, CPU, batch).findings
    assert {(finding.code, finding.severity) for finding in findings} == {("SD507", Severity.ERROR)}

import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.suites.positions.device import DEVICE

CUDA = Device(kind="cuda", virtual=True)


class LeftBehind(nn.Module):
    """The seeds' bug: the scale is a plain tensor."""

    def __init__(self):
        super().__init__()
        self.scale = torch.ones(1)

    def forward(self, hidden, positions):
        return hidden * self.scale


class HostBuilt(nn.Module):
    """Correct numbers, made on the host."""

    def forward(self, query_positions, key_positions):
        distance = query_positions.unsqueeze(-1) - key_positions.unsqueeze(-2)
        return distance.unsqueeze(1).float() * torch.ones(2).view(2, 1, 1)


class Fleeing(nn.Module):
    def forward(self, hidden, positions):
        return hidden.cpu()


class Clinging(nn.Module):
    """A parameter that refuses to move."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))

    def _apply(self, fn, recurse=True):
        return self

    def forward(self, hidden, positions):
        return hidden


def test_a_plain_tensor_is_found(outcome, embedding_inputs):
    findings = outcome(DEVICE, LeftBehind, CUDA, embedding_inputs).findings
    assert {finding.code for finding in findings} == {"SD103", "SD201"}
    assert "after to() scale is on cpu, expected cuda:0" in {finding.message for finding in findings}
    assert __file__ in {finding.origin.file for finding in findings if finding.origin is not None}


def test_a_tensor_made_on_the_host_is_found(outcome, bias_inputs):
    findings = outcome(DEVICE, HostBuilt, CUDA, bias_inputs).findings
    assert "SD201" in {finding.code for finding in findings}


def test_an_output_elsewhere_is_found(outcome, embedding_inputs):
    findings = outcome(DEVICE, Fleeing, CUDA, embedding_inputs).findings
    assert ("SD107", "after to() output 0 is on cpu, expected cuda:0") in {(f.code, f.message) for f in findings}


def test_a_parameter_that_stays_is_found(outcome, embedding_inputs):
    findings = outcome(DEVICE, Clinging, CUDA, embedding_inputs).findings
    assert ("SD101", "scale") in {(finding.code, finding.subject) for finding in findings}


def test_on_the_cpu_there_is_nothing_to_find(outcome, embedding_inputs):
    assert outcome(DEVICE, LeftBehind, Device(kind="cpu"), embedding_inputs).findings == ()

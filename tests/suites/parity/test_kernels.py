"""Kernels as a real device tells of them: the CPU has one that is not deterministic, too."""

import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.suites.parity.kernels import kernels


class Putting(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x):
        return self.linear(x).detach().put_(torch.tensor([0]), torch.ones(1))  # puts


def test_pytorchs_own_warning_is_a_note_with_its_line():
    model = Putting()
    count, found = kernels(model, {"x": torch.ones(2, 4)}, Device(kind="cpu"))
    assert (count.name, count.value) == ("nondeterministic_kernels", 1)
    assert (found.code, found.severity, found.subject, found.op) == ("SD407", "note", "put_", None)
    assert found.use.file == __file__
    assert "virtual" not in found.message
    assert not torch.are_deterministic_algorithms_enabled()


def test_without_one_there_is_no_note():
    (count,) = kernels(nn.Linear(4, 4), (torch.ones(2, 4),), Device(kind="cpu"))
    assert count.value == 0

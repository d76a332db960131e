"""Every check of the suite has a sick specimen and a healthy one."""

import os

import pytest
import torch
from torch import nn

from samedevice.suites.parity import CHECKS


class Net(nn.Module):
    def __init__(self, disease=None):
        super().__init__()
        self.linear, self.disease = nn.Linear(4, 4), disease

    def forward(self, x):
        hidden = self.linear(x)
        if self.disease == "dtypes":
            return hidden @ torch.ones(4, 4)
        if self.disease == "parity" and x.is_cuda:
            return hidden * 2
        if self.disease == "determinism":
            return hidden * os.urandom(8)[0] / 7
        return hidden


# Check -> the device on which it is sick, and the code that says so.
SICK = {"dtypes": ("cpu", "SD207"), "parity": ("cuda", "SD401"), "determinism": ("cpu", "SD405")}


def test_no_check_is_without():
    assert {check.name for check in CHECKS} == SICK.keys()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_sick_and_healthy_are_told_apart(findings, check):
    on, code = SICK[check.name]
    assert {found.code for found in findings(check, lambda: Net(check.name), on)} == {code}
    assert findings(check, Net, on) == []

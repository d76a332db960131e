import pytest
import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.harness.finding import Severity
from samedevice.suites.placement.transfers import TRANSFERS


class Building(nn.Module):
    def __init__(self, aware=False):
        super().__init__()
        self.weight, self.aware = nn.Parameter(torch.ones(3)), aware

    def forward(self, x):
        mask = torch.ones(3, 3, device=x.device) if self.aware else torch.ones(3, 3)  # born
        return x * self.weight @ mask.tril().to(x.device)


def test_a_tensor_built_on_the_host_in_every_forward(blames):
    first = blames(TRANSFERS, Building, "SD301", "mask")
    assert first.severity is Severity.WARNING
    assert "36 bytes" in first.message


def test_a_tensor_built_on_the_device(findings):
    assert findings(TRANSFERS, lambda: Building(aware=True)) == []


class Keeping(nn.Module):
    def __init__(self, aware=False):
        super().__init__()
        self.weight, self.aware, self.last = nn.Parameter(torch.ones(3)), aware, None

    def forward(self, x):
        y = x * self.weight
        self.last = y.detach() if self.aware else y.detach().cpu()
        return y


def test_a_host_copy_that_is_kept(findings):
    (first,) = findings(TRANSFERS, Keeping)
    assert (first.code, first.subject, first.severity) == ("SD302", "last", Severity.WARNING)
    assert first.origin.line == Keeping.forward.__code__.co_firstlineno + 2


def test_a_device_tensor_that_is_kept(findings):
    assert findings(TRANSFERS, lambda: Keeping(aware=True)) == []


class Legal(nn.Module):
    """Copies that must be: of Python numbers, of what was read from the host on purpose, once at the first forward."""

    def __init__(self):
        super().__init__()
        self.weight, self.table = nn.Parameter(torch.ones(3)), None

    def forward(self, x):
        if self.table is None:
            self.table = torch.ones(3).to(x.device)
        sizes = torch.tensor([float(x.shape[0])] * 3).to(x.device)
        on_purpose = torch.rand(3, device="cpu").to(x.device)
        return x * self.weight * self.table + sizes + on_purpose


def test_copies_that_must_be(findings):
    assert findings(TRANSFERS, Legal) == []


def test_the_cpu_copies_nowhere(findings):
    with pytest.raises(AssertionError, match="virtual device only"):
        findings(TRANSFERS, Building, on=Device(kind="cpu"))

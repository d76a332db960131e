import pytest
import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.suites.placement.forward import FORWARD


class Masked(nn.Module):
    def __init__(self, aware=False):
        super().__init__()
        self.weight, self.aware = nn.Parameter(torch.ones(3)), aware

    def mask(self, x):
        if self.aware:
            return torch.ones(3, device=x.device)
        return torch.ones(3)  # born

    def forward(self, x):
        keep = self.mask(x)
        return x * self.weight * keep


def test_a_local_tensor(blames):
    first = blames(FORWARD, Masked, "SD201", "keep")
    assert first.op.startswith("aten::mul")
    assert first.use.line == first.origin.line + 4


def test_a_local_tensor_beside_its_input(findings):
    assert findings(FORWARD, lambda: Masked(aware=True)) == []


class TwoStrays(nn.Module):
    def __init__(self):
        super().__init__()
        self.shift, self.scale = torch.ones(3), torch.ones(3)
        self.weight = nn.Parameter(torch.ones(3))

    def forward(self, x):
        for _ in range(3):
            x = (x + self.shift) * self.scale * self.weight
        return x


def test_every_stray_is_reported_once(findings):
    assert [finding.subject for finding in findings(FORWARD, TwoStrays)] == ["shift", "scale"]


class HardCoded(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))

    def forward(self, x):
        bias = torch.ones(3, device="cuda:0")  # born
        return x * self.weight + bias


def test_a_hard_coded_device(blames, findings):
    second = Device(kind="cuda", index=1, virtual=True)
    blames(FORWARD, HardCoded, "SD206", "bias", on=second)
    assert findings(FORWARD, HardCoded, on=Device(kind="cuda", virtual=True)) == []


class Drawing(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))
        self.source = torch.Generator()  # born

    def forward(self, x):
        return x * self.weight + torch.randn(3, device=x.device, generator=self.source)


def test_a_generator_of_the_cpu(blames):
    blames(FORWARD, Drawing, "SD203", "source")


class DrawingAtHome(Drawing):
    def forward(self, x):
        return x * self.weight + torch.randn(3, generator=self.source).to(x.device)


def test_a_generator_used_where_it_belongs(findings):
    assert findings(FORWARD, DrawingAtHome) == []


class Matching(nn.Module):
    def __init__(self, back=False):
        super().__init__()
        self.weight, self.back = nn.Parameter(torch.ones(3)), back

    def forward(self, x):
        cost = x * self.weight
        order = (cost.detach().cpu() if self.back else cost.detach()).numpy().argsort()
        return cost + torch.as_tensor(order, device=x.device)


def test_numpy_of_a_device_tensor(findings):
    first = findings(FORWARD, Matching)[0]
    assert first.code == "SD202"
    assert first.hint == "copy it to the host first: `.cpu()`"


def test_numpy_of_a_host_copy(findings):
    assert findings(FORWARD, lambda: Matching(back=True)) == []


class Precise(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))

    def forward(self, x):
        return x * self.weight * torch.ones(3, dtype=torch.float64, device=x.device)


def test_doubles_on_mps_alone(findings, device):
    found = findings(FORWARD, Precise)
    assert [finding.code for finding in found] == (["SD204"] if device.kind == "mps" else [])


class Frozen(Masked):
    @torch.inference_mode()
    def forward(self, x):
        return super().forward(x)


def test_inference_mode_hides_nothing(blames, findings):
    assert [finding.subject for finding in findings(FORWARD, Frozen)] == ["keep"]
    assert findings(FORWARD, lambda: Frozen(aware=True)) == []


class Crashing(nn.Module):
    def forward(self, x):
        raise ValueError("no such layer")


def test_an_error_that_is_not_about_devices_is_the_targets_own(findings):
    with pytest.raises(AssertionError, match="ValueError: no such layer"):
        findings(FORWARD, Crashing)

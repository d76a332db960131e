import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.harness.engine import run
from samedevice.harness.plan import Cell
from samedevice.harness.result import Status
from samedevice.harness.target import Target
from samedevice.suites.placement.memory import MEMORY

BLOCK = 512


def measures(build, device, width):
    target = Target(name="specimen", build=build, inputs=lambda: (torch.ones(4, width),))
    (result,) = run([Cell(target=target, device=device, check=MEMORY)])
    assert result.status is Status.PASS, result.reason
    return {measure.name: measure.value for measure in result.measures}


def test_a_linear_layer_takes_what_its_shapes_say(device):
    taken = measures(lambda: nn.Linear(256, 128, bias=False), device, 256)
    weight, batch, result = 256 * 128 * 4, 4 * 256 * 4, 4 * 128 * 4
    assert taken["resting_bytes"] == weight
    assert taken["forward_peak_bytes"] == weight + batch + result
    # At the least the weight, its gradient, and AdamW's two averages.
    assert taken["step_peak_bytes"] >= 4 * weight


def test_a_leak_shows_in_the_peak(device):
    class Hoard(nn.Linear):
        def forward(self, x):
            kept = [super(Hoard, self).forward(x) for _ in range(5)]
            return kept[-1]

    thrifty = measures(lambda: nn.Linear(128, 128), device, 128)
    hoard = measures(lambda: Hoard(128, 128), device, 128)
    assert hoard["forward_peak_bytes"] - thrifty["forward_peak_bytes"] == 4 * 4 * 128 * 4


def test_a_model_that_cannot_be_trained_is_measured_without_a_step(device):
    taken = measures(nn.Flatten, device, 8)
    assert taken["resting_bytes"] == 0
    assert taken["forward_peak_bytes"] == BLOCK
    assert "step_peak_bytes" not in taken


def test_the_cpu_is_not_asked():
    target = Target(name="specimen", build=nn.Flatten, inputs=lambda: (torch.ones(1, 2),))
    assert list(run([Cell(target=target, device=Device(kind="cpu"), check=MEMORY, optional=True)])) == []

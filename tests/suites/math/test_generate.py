import pytest
import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.harness.result import Status
from samedevice.suites.math.generate import GENERATE
from samedevice.suites.math.problems import PROBLEMS

CPU = Device(kind="cpu")
CUDA = Device(kind="cuda", virtual=True)


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Three problems show as much as twenty."""
    monkeypatch.setattr("samedevice.suites.math.simulation.PROBLEMS", PROBLEMS[:3])


class Forgetful(nn.Module):
    """Counts from the start of what it is given: with a cache every new token stands at position 0."""

    def __init__(self):
        super().__init__()
        self.table = nn.Parameter(3 * torch.randn(128, 64))

    def forward(self, hidden, positions, token_ids=None):
        return hidden + self.table[torch.arange(hidden.shape[1], device=hidden.device)]


class NewOnes(nn.Module):
    """The seeds' failure in generation alone: `'NoneType' object has no attribute 'new_ones'`."""

    def forward(self, hidden, positions, token_ids=None):
        return hidden if hidden.shape[1] > 1 else None.new_ones(1)


class Elsewhere(nn.Module):
    """Another function on the device than on the CPU."""

    def forward(self, hidden, positions, token_ids=None):
        return hidden if hidden.device.type == "cpu" else hidden.flip(-1)


class LeftBehind(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = torch.ones(1)

    def forward(self, hidden, positions, token_ids=None):
        return hidden * self.scale


@pytest.mark.parametrize("place", [CPU, CUDA], ids=["cpu", "cuda"])
def test_a_healthy_model_passes(outcome, healthy, place, measured):
    result = outcome(GENERATE, healthy, place)
    assert result.status is Status.PASS
    numbers = measured(result)
    assert numbers["generation_success"] == (3, 3)
    assert numbers["device_errors"] == (0, None)
    assert numbers["tokens_per_second"][0] == pytest.approx(6 / numbers["generation_seconds"][0])


def test_positions_that_a_cache_restarts_are_found(outcome, infected, measured):
    result = outcome(GENERATE, infected(Forgetful), CPU)
    assert {finding.code for finding in result.findings} == {"SD402"}
    assert {finding.subject for finding in result.findings} <= {problem.name for problem in PROBLEMS[:3]}
    assert measured(result)["generation_success"] == (3 - len(result.findings), 3)
    assert "greedy tokens differ, the first is new token" in result.findings[0].message


def test_an_error_in_generation_is_found(outcome, infected, measured):
    result = outcome(GENERATE, infected(NewOnes), CPU)
    (finding,) = result.findings
    assert finding.code == "SD802"
    assert finding.subject == f"{PROBLEMS[0].name} and 2 more problems"
    assert finding.message == "generation raised AttributeError: 'NoneType' object has no attribute 'new_ones'"
    assert measured(result) == {"generation_success": (0, 3), "device_errors": (0, None)}


def test_other_tokens_than_on_the_cpu_are_found(outcome, infected, measured):
    result = outcome(GENERATE, infected(Elsewhere), CUDA)
    assert {finding.code for finding in result.findings} == {"SD401"}
    assert "on cuda:0" in result.findings[0].message
    assert "on the CPU" in result.findings[0].message


def test_a_tensor_left_behind_is_a_device_error(outcome, infected, measured):
    result = outcome(GENERATE, infected(LeftBehind), CUDA)
    assert "SD201" in {finding.code for finding in result.findings}
    assert measured(result)["device_errors"] == (3, None)
    assert measured(result)["generation_success"] == (0, 3)

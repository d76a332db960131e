import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.harness.result import Status
from samedevice.models.modeling_reasoner import MathReasonerForCausalLM
from samedevice.suites.math.forward import FORWARD
from samedevice.suites.math.problems import PROBLEMS

CPU = Device(kind="cpu")
CUDA = Device(kind="cuda", virtual=True)
LONG = [problem for problem in PROBLEMS if len(problem.prompt) > 60]


class LeftBehind(nn.Module):
    """The seeds' bug in `sinusoidal`: the scale is a plain tensor."""

    def __init__(self):
        super().__init__()
        self.scale = torch.ones(1)

    def forward(self, hidden, positions, token_ids=None):
        return hidden * self.scale


class Unbounded(nn.Module):
    def forward(self, hidden, positions, token_ids=None):
        return hidden / 0.0


class Short(nn.Module):
    """A table of 60 positions, looked up without a care."""

    def __init__(self):
        super().__init__()
        self.table = nn.Parameter(torch.zeros(60, 64))

    def forward(self, hidden, positions, token_ids=None):
        return hidden + self.table[positions]


class Fleeing(nn.Module):
    """Logits that the model itself brings to the CPU."""

    def __init__(self, model):
        super().__init__()
        self.model, self.config = model, model.config

    def forward(self, **inputs):
        output = self.model(**inputs)
        output.logits = output.logits.cpu()
        return output


def test_a_healthy_model_passes_all_problems(outcome, healthy, device, measured):
    result = outcome(FORWARD, healthy, device)
    assert result.status is Status.PASS
    numbers = measured(result)
    assert numbers["forward_success"] == (20, 20)
    assert numbers["device_errors"] == (0, None)
    assert numbers["forward_seconds"][0] > 0


def test_a_tensor_left_behind_fails_every_problem_and_is_found_once(outcome, infected, measured):
    result = outcome(FORWARD, infected(LeftBehind), CUDA)
    (finding,) = result.findings
    assert finding.code == "SD201"
    assert "scale" in f"{finding.subject} {finding.message}"
    assert finding.origin.file == __file__
    assert measured(result) == {"forward_success": (0, 20), "device_errors": (20, None)}


def test_the_same_model_is_healthy_on_the_cpu(outcome, infected):
    assert outcome(FORWARD, infected(LeftBehind), CPU).status is Status.PASS


def test_one_failing_problem_does_not_hide_the_others(outcome, infected, measured):
    result = outcome(FORWARD, infected(Short), CPU)
    assert 0 < len(LONG) < 20
    assert measured(result)["forward_success"] == (20 - len(LONG), 20)
    (finding,) = result.findings
    assert finding.code == "SD801"
    assert finding.subject.startswith(LONG[0].name)
    assert "IndexError" in finding.message
    assert (finding.use.file, finding.origin) == (__file__, None)


def test_logits_must_be_finite(outcome, infected, measured):
    result = outcome(FORWARD, infected(Unbounded), CPU)
    assert measured(result)["forward_success"] == (0, 20)
    assert all("logits are not finite" in finding.message for finding in result.findings)
    forward = MathReasonerForCausalLM.forward.__code__
    assert {(f.origin.file, f.origin.line) for f in result.findings} == {(forward.co_filename, forward.co_firstlineno)}


def test_logits_must_stay_on_the_device(outcome, healthy, measured):
    result = outcome(FORWARD, lambda: Fleeing(healthy.build()), CUDA)
    assert measured(result)["forward_success"] == (0, 20)
    (finding,) = result.findings
    assert (finding.code, finding.message) == ("SD107", "the logits are on cpu, expected cuda:0")

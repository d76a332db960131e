import pytest
import torch
from huggingface_hub import PyTorchModelHubMixin
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

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


class Warming(Net):
    """Its own warm-up shows in training alone."""

    def __init__(self):
        super().__init__()
        self.steps = 0

    def forward(self, x):
        return super().forward(x) * (min(self.steps, 10) if self.training else 1)


def warmed():
    model = Warming()
    model.steps = 4
    return model


def idle():
    return warmed().eval()


@pytest.mark.parametrize(("factory", "severity"), [(warmed, Severity.ERROR), (idle, Severity.NOTE)])
def test_what_shows_in_training_alone_is_an_error_where_training_goes_on(outcome, factory, severity):
    (finding,) = outcome(in_format(named("state_dict")), factory, CPU, batch).findings
    assert (finding.code, finding.subject, finding.severity) == ("SD507", "steps", severity)
    assert "it was 4 and is 0" in finding.message
    assert "those in training change, and those in evaluation do not (6 of 6 numbers of output[0]" in finding.message


class Noisy(Net, PyTorchModelHubMixin):
    """What is lost shows in training alone: an argument that JSON cannot hold, a buffer that is not saved."""

    def __init__(self, noise=torch.zeros_like):
        super().__init__()
        self.noise = noise
        self.register_buffer("size", torch.ones(3), persistent=False)

    def forward(self, x):
        return super().forward(x) + (self.noise(x) * self.size if self.training else 0)


def noisy():
    model = Noisy(noise=torch.ones_like)
    model.size += 1
    return model


def noisy_idle():
    return noisy().eval()


@pytest.mark.parametrize(("factory", "severity"), [(noisy, Severity.ERROR), (noisy_idle, Severity.NOTE)])
def test_so_are_buffers_and_arguments(outcome, factory, severity):
    findings = outcome(in_format(named("mixin")), factory, CPU, batch).findings
    codes = {"SD506", "SD507"} | ({"SD509"} if severity is Severity.ERROR else set())
    assert {finding.code for finding in findings} == codes
    assert {finding.severity for finding in findings} == {severity}


class Widths(PretrainedConfig):
    model_type = "test_widths"

    def __init__(self, factor=1.0, **kwargs):
        self.factor = factor
        super().__init__(**kwargs)


class Part(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config

    def forward(self, x):
        return x * self.config.factor


class Whole(PreTrainedModel):
    config_class = Widths

    def __init__(self, config):
        super().__init__(config)
        self.linear, self.part = nn.Linear(3, 3), Part(config)
        self.post_init()

    def forward(self, x):
        return self.part(self.linear(x))


def replaced():
    model = Whole(Widths(factor=3.0))
    model.config = Widths(factor=2.0)
    return model


def test_of_another_config_the_fields_are_named(outcome):
    (finding,) = outcome(in_format(named("pretrained")), replaced, CPU, batch).findings
    assert (finding.code, finding.subject) == ("SD507", "part.config")
    assert "its `factor` was 3.0 and is 2.0; with it put back" in finding.message

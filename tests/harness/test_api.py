import pytest
import torch
from torch import nn

import samedevice
from samedevice.harness import catalog
from samedevice.harness.check import Check
from samedevice.harness.errors import UsageError
from samedevice.harness.finding import Finding
from samedevice.harness.result import Status
from samedevice.harness.target import Target

SEEN = []


def forward(target, device):
    model, inputs = target.build(), target.inputs()
    SEEN.append((model, inputs))
    if isinstance(model, nn.Bilinear):
        yield Finding(code="SD201", message="mixed")


FORWARD = Check(name="forward", title="", question="", run=forward)


@pytest.fixture(autouse=True)
def fakes(monkeypatch):
    monkeypatch.setattr(catalog, "checks", lambda names=(): (FORWARD,) if tuple(names) in {(), ("forward",)} else 1 / 0)
    SEEN.clear()


def test_a_module_is_copied_and_never_touched():
    model = nn.Linear(2, 2)
    report = samedevice.check(model, inputs=(torch.ones(1, 2),), devices=["cpu"])
    assert report.ok
    assert [(cell.target, cell.check) for cell in report.cells] == [("Linear", "forward")]
    seen, inputs = SEEN[-1]
    assert seen is not model
    assert torch.equal(seen.weight, model.weight)
    assert torch.equal(inputs[0], torch.ones(1, 2))


@pytest.mark.parametrize("target", [nn.Identity, lambda: nn.Identity(), "torch.nn:Identity"])
def test_classes_factories_and_strings(target):
    samedevice.check(target, inputs={"input": 1}, devices="cpu", checks="forward")
    assert isinstance(SEEN[-1][0], nn.Identity)


def test_a_target_of_ones_own():
    report = samedevice.check(Target(name="mine", build=nn.Identity, inputs=dict), devices=["cpu"])
    assert report.cells[0].target == "mine"


@pytest.mark.parametrize(
    ("inputs", "fed"),
    [
        ({"x": [1]}, {"x": [1]}),
        ((1, 2), (1, 2)),
        (lambda: {"x": 2}, {"x": 2}),
        (3, 3),
        ("math:tau", pytest.approx(6.283, abs=1e-3)),
    ],
)
def test_inputs(inputs, fed):
    samedevice.check(nn.Identity, inputs=inputs, devices=["cpu"])
    assert SEEN[-1][1] == fed


def test_values_are_copied_for_each_cell():
    inputs = {"x": [1]}
    samedevice.check(nn.Identity, inputs=inputs, devices=["cpu", "cuda"])
    SEEN[0][1]["x"].append(2)
    assert SEEN[1][1] == inputs == {"x": [1]}


def test_the_default_devices():
    report = samedevice.check(nn.Identity, inputs=(1,))
    assert [cell.device.name for cell in report.cells] == ["cpu", "cuda:0", "cuda:1", "mps:0"]


def test_findings_and_what_cannot_be_fed():
    report = samedevice.check(lambda: nn.Bilinear(1, 1, 1), inputs=(1,), devices=["cpu"])
    assert (report.ok, [finding.code for finding in report.findings]) == (False, ["SD201"])
    report = samedevice.check(nn.ModuleList, devices=["cpu"])
    assert (report.cells[0].status, report.ok) == (Status.NOT_CHECKED, False)
    assert report.cells[0].reason == "cannot be fed: ModuleList has no forward"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (3, "int does not load: int is an int: want a factory, an nn.Module class or an instance"),
        (lambda: 1 / 0, "<lambda> does not load: ZeroDivisionError: division by zero"),
        (lambda size: size, "<lambda> does not load: <lambda> wants arguments"),
        ("nowhere.py:make", "no such file: nowhere.py"),
    ],
)
def test_targets_that_do_not_load(target, message):
    with pytest.raises(UsageError) as caught:
        samedevice.check(target, devices=["cpu"])
    assert str(caught.value).startswith(message)


def test_unknown_devices():
    with pytest.raises(UsageError, match="unknown device 'gpu'"):
        samedevice.check(nn.Identity, devices=["gpu"])

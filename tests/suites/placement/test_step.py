import torch
from torch import nn

from samedevice.harness.engine import run
from samedevice.harness.plan import Cell
from samedevice.harness.result import Status
from samedevice.harness.target import Target
from samedevice.suites.placement.step import STEP


class Averaged(nn.Module):
    """Keeps an average of its weight in a hook of the optimizer's making: only a second step meets it."""

    def __init__(self, follows):
        super().__init__()
        self.weight, self.follows, self.average = nn.Parameter(torch.ones(3)), follows, None

    def forward(self, x):
        if self.average is not None:
            x = x * self.average
        self.average = torch.ones(3, device=x.device if self.follows else "cpu")
        return x * self.weight


class Hooked(nn.Module):
    def __init__(self, hook):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))
        self.weight.register_hook(hook)

    def forward(self, x):
        return x * self.weight


def test_what_the_first_step_leaves_on_the_host(findings):
    (first,) = findings(STEP, lambda: Averaged(follows=False))
    assert (first.code, first.subject) == ("SD201", "average")


def test_what_the_first_step_leaves_on_the_device(findings):
    assert findings(STEP, lambda: Averaged(follows=True)) == []


def test_a_gradient_that_the_optimizer_meets_on_the_host(findings):
    found = findings(STEP, lambda: Hooked(lambda gradient: gradient.cpu()))
    assert {finding.code for finding in found} == {"SD201"}


def test_a_gradient_that_stays(findings):
    assert findings(STEP, lambda: Hooked(lambda gradient: gradient * 2)) == []


def test_a_model_without_anything_to_train_is_not_asked(device):
    target = Target(name="flat", build=nn.Flatten, inputs=lambda: (torch.ones(2, 3),))
    assert list(run([Cell(target=target, device=device, check=STEP, optional=True)])) == []
    (asked,) = run([Cell(target=target, device=device, check=STEP)])
    assert (asked.status, asked.reason) == (Status.NOT_CHECKED, "no parameter requires grad")

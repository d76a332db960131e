"""Other interpreters: a second each, so few of them."""

import textwrap

import pytest

from samedevice.harness import engine, loading
from samedevice.harness.device import Device
from samedevice.harness.plan import Cell
from samedevice.suites.parity.determinism import DETERMINISM

NET = """
import torch
from torch import nn

TASKS = {{"tide", "ember", "quartz", "lantern", "meadow", "harbour"}}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.heads = nn.ModuleDict({{name: nn.Linear(4, 4) for name in {order}}})

    def forward(self, x):
        return self.heads["tide"](x)


def inputs():
    return {{"x": torch.ones(2, 4)}}
"""


@pytest.fixture
def asked(tmp_path):
    def of(order):
        (tmp_path / "net.py").write_text(textwrap.dedent(NET.format(order=order)))
        target = loading.target(f"{tmp_path}/net.py:Net")
        (result,) = engine.run([Cell(target=target, device=Device(kind="cpu"), check=DETERMINISM)])
        assert result.reason is None
        return result

    return of


def test_weights_in_the_order_of_a_set(asked, tmp_path):
    (found,) = asked("TASKS").findings
    assert (found.code, found.severity, found.subject) == ("SD406", "error", "heads.tide.weight")
    assert "with another PYTHONHASHSEED and the same seeds" in found.message
    assert (found.origin.file, found.origin.line) == (str(tmp_path / "net.py"), 5)


def test_weights_in_sorted_order(asked):
    result = asked("sorted(TASKS)")
    assert result.findings == ()
    assert {measure.name: measure.value for measure in result.measures}["other_processes"] == 1

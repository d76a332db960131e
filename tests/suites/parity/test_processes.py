"""Other interpreters: a second each, so few of them."""

import textwrap

import pytest
import torch

from samedevice.harness import engine, loading
from samedevice.harness.device import Device
from samedevice.harness.finding import Location
from samedevice.harness.parity.telling import Told
from samedevice.harness.plan import Cell
from samedevice.harness.roundtrip.running import Answer
from samedevice.suites.parity.determinism import DETERMINISM
from samedevice.suites.parity.processes import _judged

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


def replies(*states):
    answer = Answer(leaves=(("output", torch.ones(1)),))
    return tuple(Told(state={"weight": state}, inputs="", answer=answer) for state in states)


LINE = Location(file="net.py", line=3)


def test_what_the_hash_seed_alone_changes_is_an_error():
    (found,) = _judged(replies("a", "a", "b"), "weight: differs", LINE)
    assert (found.code, found.severity, found.origin) == ("SD406", "error", LINE)


def test_what_every_process_does_otherwise_is_a_note():
    (found,) = _judged(replies("a", "b", "c"), "weight: differs", LINE)
    assert (found.severity, found.origin) == ("note", None)
    assert "with the same seeds and hash seed" in found.message


def test_what_this_process_has_been_through_is_nothing():
    assert list(_judged(replies("a", "a", "a"), "weight: differs", LINE)) == []


def test_rounding_between_processes_is_a_note():
    one, _, _ = replies("a", "a", "a")
    other = Told(state=one.state, inputs="", answer=Answer(leaves=(("output", torch.ones(1) + 2**-23),)))
    (found,) = _judged((one, one, other), "output: differs", LINE)
    assert found.severity == "note"

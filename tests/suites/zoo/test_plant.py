import pytest
import torch
from torch import nn

from samedevice.harness import engine, plan
from samedevice.harness.devices import resolve
from samedevice.harness.finding import Severity
from samedevice.harness.target import Target
from samedevice.models.strays import STRAYS
from samedevice.suites.zoo import planting
from samedevice.suites.zoo.plant import PLANT

CUDA = resolve("virtual:cuda")


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))

    def forward(self, x):
        return self.layers(x)


def asked(kind, monkeypatch, build=Net):
    monkeypatch.setattr(planting, "kind_for", lambda name: kind)
    target = Target(name="net", build=lambda: build().eval(), inputs=lambda: (torch.ones(3, 4),))
    (result,) = engine.run(plan.grid([target], [CUDA], [PLANT]))
    return result


@pytest.mark.parametrize("kind", STRAYS)
def test_every_kind_of_stray_is_found_and_named(kind, monkeypatch):
    result = asked(kind, monkeypatch)
    assert (result.status, result.findings) == ("pass", ())
    told = {measure.name: (measure.value, measure.of) for measure in result.measures if measure.of}
    assert told == dict.fromkeys(("found", "named", f"found_{kind}", f"named_{kind}"), (1, 1))


@pytest.mark.parametrize("kind", STRAYS)
def test_a_planted_model_still_runs_on_the_cpu(kind, monkeypatch):
    monkeypatch.setattr(planting, "kind_for", lambda name: kind)
    model, healthy = Net().eval(), Net().eval()
    healthy.load_state_dict(model.state_dict())
    x = torch.rand(3, 4)
    stray = planting.plant(model, (x,), "net")
    assert stray.kind == kind
    assert torch.equal(model(x), healthy(x))


def test_a_stray_that_no_check_finds_is_said(monkeypatch):
    monkeypatch.setitem(STRAYS, "hook", lambda module: "nothing_at_all")
    result = asked("hook", monkeypatch)
    (finding,) = result.findings
    assert (result.status, finding.code, finding.severity) == ("fail", "SD910", Severity.ERROR)
    assert finding.message.endswith("was not found")
    assert {measure.name: measure.value for measure in result.measures if measure.of}["named"] == 0


def test_a_stray_that_is_called_by_another_name_is_a_warning(monkeypatch):
    attribute = STRAYS["attribute"]
    monkeypatch.setitem(STRAYS, "attribute", lambda module: attribute(module) and "another_name")
    result = asked("attribute", monkeypatch)
    (finding,) = result.findings
    assert (result.status, finding.severity) == ("pass", Severity.WARNING)
    assert "was found and not named: blamed was" in finding.message


def test_where_nothing_can_be_planted_nothing_is_checked(monkeypatch):
    class Empty(nn.Module):
        def forward(self, x):
            return x

    result = asked("attribute", monkeypatch, Empty)
    assert result.status == "not-checked"
    assert result.reason.startswith("no stray of the kind 'attribute' can be planted")


def test_kinds_are_spread_over_the_architectures(animals):
    kinds = [planting.kind_for(name) for name in animals]
    assert all(kinds.count(kind) > len(kinds) / len(STRAYS) / 2 for kind in STRAYS)

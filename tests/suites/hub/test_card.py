import pytest

from samedevice.harness.device import Device
from samedevice.harness.hubtrip.journey import journey
from samedevice.harness.measure import Measure
from samedevice.harness.target import Target
from samedevice.suites.hub import card, mixed

TARGET = Target(name="mixin", build=mixed.build, inputs=mixed.inputs)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """One process pulls for the tests of all files."""
    monkeypatch.setattr(card, "journey", lambda target, device: journey(target, device, key="beside"))


def test_the_card_goes_with_the_model():
    assert list(card.run(TARGET, Device(kind="cpu"))) == [Measure(name="cells_in_the_card", value=6)]


def test_a_card_that_the_hub_refuses_is_told(monkeypatch):
    monkeypatch.setattr(card.catalog, "renderer", lambda name: lambda report: "---\nlicense: 7\n---\n\ntext\n")
    (found, _) = card.run(TARGET, Device(kind="cpu"))
    assert (found.code, "YAML" in found.hint) == ("SD604", True)

import pytest
import torch
from torch import nn

from samedevice.harness.errors import NotChecked
from samedevice.harness.roundtrip.sending import received, send_inputs, send_target
from samedevice.harness.target import Target


def build():
    return nn.Linear(2, 2)


def inputs():
    return {"input": torch.ones(1, 2)}


class Own:
    """Nobody else has it."""


def test_a_recipe_goes_as_a_recipe(tmp_path):
    send_target(Target(name="a", build=build, inputs=inputs), lambda: pytest.fail("it was built"), tmp_path / "t")
    made = received(None, tmp_path / "t")
    assert (made.build, made.inputs) == (build, inputs)


def test_what_cannot_be_pickled_goes_as_the_model(tmp_path):
    model = build()
    send_target(Target(name="a", build=lambda: model), lambda: model, tmp_path / "t")
    made = received(None, tmp_path / "t")
    assert made.inputs is None
    assert torch.equal(made.build().weight, model.weight)
    assert made.build() is made.build()


def test_what_cannot_be_sent_at_all_is_a_reason(tmp_path):
    model = build()
    model.hook = lambda: None
    with pytest.raises(NotChecked, match="name it by package"):
        send_target(Target(name="a", build=lambda: model), lambda: model, tmp_path / "t")


def test_an_address_is_looked_up(tmp_path):
    made = received(("samedevice.suites.hub.mixed:build", "samedevice.suites.hub.mixed:inputs"), tmp_path / "none")
    assert type(made.build()).__name__ == "Mixed"
    assert set(made.inputs()) == {"words"}


def test_inputs_that_run_nothing_are_written(tmp_path):
    send_inputs({"x": torch.ones(2), "n": 3}, tmp_path / "plain")
    assert torch.load(tmp_path / "plain", weights_only=True)["n"] == 3
    send_inputs({"x": Own()}, tmp_path / "own")
    send_inputs(lambda: None, tmp_path / "code")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plain"]

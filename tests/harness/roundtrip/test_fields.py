from enum import StrEnum

import pytest
from transformers import PretrainedConfig

from samedevice.harness.roundtrip.fields import changes, is_config, reread


class Mode(StrEnum):
    HARD = "hard"


class Config(PretrainedConfig):
    model_type = "fields"

    def __init__(self, value=None, **kwargs):
        self.value = value
        super().__init__(**kwargs)


@pytest.mark.parametrize(
    ("value", "only_type"),
    [((1, 2), True), ({0: "a"}, True), (Mode.HARD, True), ({"a": (1,)}, True)],
    ids=str,
)
def test_json_changes_types_and_no_values(value, only_type):
    config = Config(value)
    (change,) = changes(config, reread(config))
    assert (change.name, change.only_type) == ("value", only_type)


@pytest.mark.parametrize("value", [None, 1, 2.5, float("inf"), float("nan"), "x", [1], {"b": 1, "a": {"d": 1, "c": 2}}])
def test_what_json_knows_comes_back(value):
    config = Config(value)
    assert list(changes(config, reread(config))) == []


def test_another_value_is_another_value():
    (change,) = changes(Config(2), Config(3))
    assert (change.before, change.after, change.only_type) == ("2", "3", False)


def test_configs_within_configs_are_named_by_dots():
    one, two = Config(Config(1)), Config(Config(2))
    assert [change.name for change in changes(one, two)] == ["value.value"]


def test_a_config_is_a_config():
    assert is_config(Config())
    assert not is_config({"value": 1})

"""Paths are what a user types after `model.`, whatever the key or the name."""

import enum
from collections import UserDict
from types import MappingProxyType, SimpleNamespace

import pytest
import torch
from torch import nn

from samedevice.harness.reach import reach


class Part(enum.Enum):
    KEY = 1


class Loud:
    def __repr__(self):
        raise AssertionError("a key was printed")


KEYS = [
    ("layer1", "memo['layer1']"),
    (7, "memo[7]"),
    (True, "memo[True]"),
    (None, "memo[None]"),
    (b"x", "memo[b'x']"),
    ((1, "a"), "memo[(1, 'a')]"),
    ((1,), "memo[(1,)]"),
    (torch.float16, "memo[torch.float16]"),
    (torch.device("cuda", 1), "memo[torch.device('cuda:1')]"),
    (Part.KEY, "memo[Part.KEY]"),
    ((Part.KEY, 2), "memo[(Part.KEY, 2)]"),
    (Loud(), "memo.<values>[0]"),
    ((1, Loud()), "memo.<values>[0]"),
    ("it's", 'memo["it\'s"]'),
]


def _back(model, path):
    return eval(f"model.{path}", {"model": model})


def _only(model):
    (found,) = reach(model)
    return found.path


@pytest.mark.parametrize(("key", "path"), KEYS, ids=[path for _, path in KEYS])
def test_keys(key, path):
    model = nn.Module()
    model.memo = {key: torch.zeros(1)}
    assert _only(model) == path
    if ".<" not in path:
        assert eval(f"model.{path}", {"model": model, "torch": torch, "Part": Part}) is model.memo[key]


def test_a_tensor_as_a_key():
    model = nn.Module()
    model.memo = {torch.zeros(1): 1}
    assert _only(model) == "memo.<keys>[0]"


def test_names_that_cannot_follow_a_dot():
    model = nn.Module()
    model.register_parameter("w-1", nn.Parameter(torch.zeros(1)))
    model.register_buffer("b 1", torch.zeros(1))
    model.add_module("0", nn.PReLU())
    setattr(model, "odd name", torch.zeros(1))
    paths = [found.path for found in reach(model)]
    assert paths == ["_parameters['w-1']", "_buffers['b 1']", "_modules['0'].weight", "__dict__['odd name']"]
    assert all(_back(model, found.path) is found.tensor for found in reach(model))


def test_containers_of_modules_are_subscripted():
    model = nn.Module()
    model.body = nn.Sequential(nn.PReLU(), nn.ReLU(), nn.PReLU())
    model.layers = nn.ModuleList([nn.PReLU()])
    model.heads = nn.ModuleDict({"a": nn.PReLU()})
    model.ws = nn.ParameterList([torch.zeros(1)])
    model.named = nn.ParameterDict({"k": torch.zeros(1)})
    named = nn.Sequential()
    named.add_module("conv", nn.PReLU())
    model.steps = named
    found = list(reach(model))
    assert [one.path for one in found] == [
        "body[0].weight",
        "body[2].weight",
        "layers[0].weight",
        "heads['a'].weight",
        "ws[0]",
        "named['k']",
        "steps.conv.weight",
    ]
    assert all(_back(model, one.path) is one.tensor for one in found)


def test_private_slots_and_inherited_slots():
    class Base:
        __slots__ = ("__secret",)

        def __init__(self):
            self.__secret = torch.zeros(1)

    class Child(Base):
        __slots__ = ("__dict__", "more")

    model = nn.Module()
    model.helper = Child()
    model.helper.more = torch.zeros(1)
    model.helper.loose = torch.zeros(1)
    found = {one.path: one.tensor for one in reach(model)}
    assert set(found) == {"helper._Base__secret", "helper.more", "helper.loose"}
    assert all(_back(model, path) is tensor for path, tensor in found.items())


def test_classes_that_extend_containers_keep_items_and_attributes():
    class Bag(list):
        pass

    class Memo(UserDict):
        pass

    model = nn.Module()
    model.bag = Bag([torch.zeros(1)])
    model.bag.extra = torch.zeros(1)
    model.memo = Memo(a=torch.zeros(1))
    model.view = MappingProxyType({"a": 1})
    assert [one.path for one in reach(model)] == ["bag[0]", "bag.extra", "memo.data['a']"]


def test_holder_is_the_path_of_the_owner():
    model = nn.Sequential(nn.PReLU())
    model[0].ema = SimpleNamespace(average=[torch.zeros(1)])
    assert [(one.path, one.holder) for one in reach(model)] == [
        ("[0].weight", "[0]"),
        ("[0].ema.average[0]", "[0].ema.average"),
    ]

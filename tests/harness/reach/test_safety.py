"""The walk runs nothing of the user's, reads no data, and ends."""

import io
import logging
import threading
import types
import unittest.mock
import warnings
import weakref

import numpy as np
import pytest
import torch
from torch import nn
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from samedevice.harness.reach import How, Limits, reach


def _boom(*_, **__):
    raise AssertionError("code of the user's was run")


class Touchy:
    """Raises whatever anyone asks of it; the tensor in it is found all the same."""

    def __init__(self):
        object.__setattr__(self, "bank", torch.zeros(1))

    __getattribute__ = __getattr__ = __repr__ = __eq__ = __bool__ = __len__ = __iter__ = _boom
    __hash__ = _boom
    __class__ = property(_boom)
    loud = property(_boom)


class Faked:
    __dict__ = property(_boom)


class TouchyMeta(type):
    __hash__ = __eq__ = __instancecheck__ = __subclasscheck__ = __getattribute__ = _boom


def _touchy_class():
    return TouchyMeta.__new__(TouchyMeta, "TouchyClass", (), {"__module__": "user"})


class LoudDict(dict):
    __iter__ = items = keys = values = __getitem__ = __len__ = _boom


class LoudList(list):
    __iter__ = __getitem__ = __len__ = _boom


class LoudModule(nn.Module):
    named_parameters = parameters = modules = named_modules = __repr__ = __getattr__ = _boom

    def __init__(self):
        super().__init__()
        self._parameters["weight"] = nn.Parameter(torch.zeros(1))


class Watch(TorchFunctionMode):
    def __torch_function__(self, func, types, args=(), kwargs=None):
        raise AssertionError(f"{func} was called")


class WatchOperators(TorchDispatchMode):
    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        raise AssertionError(f"{func} ran")


def _holding(**held):
    model = nn.Module()
    for name, value in held.items():
        object.__setattr__(model, name, value)
    return model


def test_nothing_of_the_users_is_run():
    model = _holding(
        touchy=Touchy(),
        faked=Faked(),
        of_meta=type.__call__(_touchy_class()),
        cls=_touchy_class(),
        memo=LoudDict(a=torch.zeros(1)),
        bag=LoudList([torch.zeros(1)]),
        inner=[LoudModule()],
    )
    assert [one.path for one in reach(model)] == ["touchy.bank", "memo['a']", "bag[0]", "inner[0].weight"]


def test_no_mode_hears_of_the_walk_and_no_operator_runs():
    model = nn.Linear(2, 2)
    model(torch.ones(1, 2)).sum().backward()
    model.stray = [torch.zeros(1, requires_grad=True), torch.zeros(1)]
    model.opt = torch.optim.AdamW(model.parameters())
    with Watch(), WatchOperators():
        found = list(reach(model))
    assert [one.path for one in found] == ["weight", "weight.grad", "bias", "bias.grad", "stray[0]", "stray[1]"]


def test_a_reached_tensor_is_not_printed():
    (found,) = reach(_holding(stray=torch.tensor([123.0])))
    assert "123" not in repr(found)


@pytest.mark.parametrize(
    "make",
    [
        lambda: torch.eye(2).to_sparse(),
        lambda: torch.eye(2).to_sparse_csr(),
        lambda: torch.zeros(2, device="meta"),
        lambda: torch.zeros(0),
        lambda: nn.LazyLinear(3).weight,
        lambda: torch.nested.nested_tensor([torch.zeros(1), torch.zeros(2)], layout=torch.jagged),
        lambda: torch.nn.utils.rnn.pack_sequence([torch.zeros(2)]).data,
    ],
)
def test_tensors_without_a_plain_storage(make):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tensor = make()
    found = list(reach(_holding(odd=[tensor, tensor])))
    assert [(one.path, one.tensor is tensor) for one in found] == [("odd[0]", True)]


def test_inside_functorch():
    model = _holding()
    seen = []

    def step(x):
        model.seen = x
        seen.extend(one.path for one in reach(model))
        return x.sum()

    torch.vmap(torch.func.grad(step))(torch.zeros(3, 2))
    assert seen == ["seen"]


def test_script_modules():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scripted = torch.jit.script(nn.Sequential(nn.Linear(1, 1), nn.BatchNorm1d(1)))
    outer = nn.Module()
    outer.net = scripted
    found = {one.path: one.how for one in reach(outer)}
    assert list(found.values()) == [How.PARAMETER] * 4 + [How.BUFFER] * 3
    assert {path.split(".")[-1] for path in found} == {
        "weight",
        "bias",
        "running_mean",
        "running_var",
        "num_batches_tracked",
    }


def test_graph_modules_are_walked_and_their_graphs_are_not():
    traced = torch.fx.symbolic_trace(nn.Sequential(nn.Linear(1, 1)))
    next(iter(traced.graph.nodes)).meta["val"] = torch.zeros(1)
    assert {one.how for one in reach(traced)} == {How.PARAMETER}


def test_a_module_whose_init_was_never_called():
    class Bare(nn.Module):
        def __init__(self):
            object.__setattr__(self, "stray", torch.zeros(1))

    assert [one.path for one in reach(Bare())] == ["stray"]


def test_machinery_is_left_alone():
    mock = unittest.mock.MagicMock()
    mock.held = torch.zeros(1)
    target = torch.zeros(1)
    model = _holding(
        log=logging.getLogger("reach"),
        lock=threading.Lock(),
        thread=threading.Thread(target=print, args=(torch.zeros(1),)),
        file=io.StringIO(),
        array=np.zeros(3),
        module=types,
        library=torch,
        cls=nn.Linear,
        weak=weakref.ref(target),
        mock=mock,
        error=ValueError(torch.zeros(1)),
        numbers=range(10),
        running=(x for x in [torch.zeros(1)]),
    )
    walk = reach(model)
    assert list(walk) == []
    assert walk.visited < 5


def test_depth_is_bounded_and_said():
    deep = [torch.zeros(1)]
    for _ in range(5000):
        deep = [deep]
    walk = reach(_holding(near=torch.zeros(1), deep=deep))
    assert [one.path for one in walk] == ["near"]
    assert walk.truncated is not None
    assert walk.truncated.startswith("more than 128 steps deep at `deep[0][0]")


def test_the_number_of_objects_is_bounded_and_said():
    walk = reach(_holding(many=[[i] for i in range(100)], last={"a": {"b": torch.zeros(1)}}), limits=Limits(objects=20))
    assert list(walk) == []
    assert walk.visited == 20
    assert walk.truncated is not None
    assert walk.truncated.startswith("20 objects were visited, the last at `many[")


def test_the_size_of_a_container_is_bounded_and_said():
    walk = reach(_holding(many=[torch.zeros(1) for _ in range(6)]), limits=Limits(items=5))
    assert [one.path for one in walk] == [f"many[{i}]" for i in range(5)]
    assert walk.truncated == "6 elements in `many`"


def test_a_whole_walk_says_that_nothing_was_cut():
    walk = reach(nn.Linear(1, 1))
    assert len(list(walk)) == 2
    assert walk.truncated is None


def test_a_model_of_a_thousand_modules_takes_a_few_steps_per_module():
    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.proj, self.norm, self.act = nn.Linear(2, 2), nn.LayerNorm(2), nn.GELU()
            self.scale, self.names, self.stats = 2.0, ["a", "b"], [torch.zeros(1)]

    model = nn.Sequential(*(Block() for _ in range(250)))
    walk = reach(model)
    assert len(list(walk)) == 250 * 5
    # modules, parameters, strays, two lists and one tuple per block, the class and its method
    assert walk.visited == 1001 + 1000 + 250 + 750 + 2


def test_a_large_vocabulary_costs_one_visit():
    walk = reach(_holding(vocabulary={f"word{i}": i for i in range(20_000)}))
    assert list(walk) == []
    assert walk.visited == 2

"""One report per tensor, under its best path."""

import functools
from types import SimpleNamespace

import torch
from torch import nn

from samedevice.harness.reach import How, reach


def _paths(root):
    return [found.path for found in reach(root)]


def test_tied_weights_are_reported_once_under_the_name_that_pytorch_lists():
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.body = nn.ModuleDict({"wte": nn.Embedding(3, 2)})
            self.head = nn.Linear(2, 3, bias=False)
            self.head.weight = self.body["wte"].weight

    model = Tied()
    assert _paths(model) == ["body['wte'].weight"]
    assert [name for name, _ in model.named_parameters()] == ["body.wte.weight"]


def test_views_of_one_storage_are_reported_once():
    model = nn.Linear(2, 2)
    model.row = model.weight.data[0]
    model.pair = [model.bias.detach()]
    assert _paths(model) == ["weight", "bias"]


def test_a_view_that_a_move_left_behind_is_reported():
    model = nn.Linear(2, 2)
    model.row = model.weight.detach()[0]
    model.double()
    assert _paths(model) == ["weight", "bias", "row"]


def test_registered_beats_attribute_beats_closure_beats_global():
    class Model(nn.Module):
        def forward(self, x):
            return x + SHARED

    model = Model()
    model.act = lambda x, held=SHARED: x + held
    assert _paths(model) == ["act.<defaults>.held"]
    model.deep = SimpleNamespace(inner=[SHARED])
    assert _paths(model) == ["deep.inner[0]"]
    model.alias = SHARED
    assert _paths(model) == ["alias"]
    model.register_buffer("mean", SHARED)
    assert _paths(model) == ["mean"]


SHARED = torch.zeros(2)


def test_listed_tensors_come_in_the_order_of_named_parameters():
    model = nn.Sequential(nn.Sequential(nn.Linear(1, 1), nn.PReLU()), nn.Linear(1, 1))
    model.stray = torch.zeros(1)
    assert _paths(model) == ["[0][0].weight", "[0][0].bias", "[0][1].weight", "[1].weight", "[1].bias", "stray"]


def test_cycles_end():
    model = nn.Module()
    helper = SimpleNamespace(owner=model, tensor=torch.zeros(1))
    helper.itself = helper
    loop = [helper]
    loop.append(loop)
    model.loop, model.helper, model.parts = loop, helper, {"model": model}
    model.act = functools.partial(lambda x: (x, model, loop))
    found = list(reach(model))
    assert [one.path for one in found] == ["helper.tensor"]
    assert found[0].how is How.OBJECT


def test_a_parent_kept_in_a_plain_list_is_no_hidden_module():
    model = nn.Sequential(nn.Linear(1, 1))
    model[0].parent = [model]
    assert {found.how for found in reach(model)} == {How.PARAMETER}


def test_a_root_that_is_no_module():
    pipeline = SimpleNamespace(unet=nn.Linear(1, 1, bias=False), betas=torch.zeros(1), extra=[nn.PReLU()])
    assert {found.path: found.how for found in reach(pipeline)} == {
        "unet.weight": How.PARAMETER,
        "extra[0].weight": How.PARAMETER,
        "betas": How.OBJECT,
    }
    assert [found.path for found in reach([torch.zeros(1), {"a": torch.zeros(1)}])] == ["[0]", "[1]['a']"]
    assert [found.how for found in reach(pipeline.unet.weight)] == [How.HIDDEN_PARAMETER]
    assert list(reach(3)) == []


def test_two_walks_of_one_model_agree():
    model = nn.Sequential(nn.Linear(1, 1))
    model.cache = {"a": torch.zeros(1), "b": (torch.zeros(1),)}
    assert _paths(model) == _paths(model)


def test_the_walk_is_lazy():
    model = nn.Sequential(*(nn.Linear(1, 1) for _ in range(50)))
    walk = reach(model)
    assert walk.visited == 0
    assert next(walk).path == "[0].weight"
    assert walk.visited < 10

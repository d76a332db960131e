import torch
from torch import nn

from samedevice.harness.parity.tracing import Passage, first_gap, parting, trace


class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner, self.act = nn.Linear(2, 2), nn.ReLU(inplace=True)

    def forward(self, x, *, scale=1.0):
        return self.act(self.inner(self.inner(x))) * scale


def test_passages_come_in_the_order_in_which_they_end():
    passages = trace(Twice(), {"x": torch.ones(1, 2)})
    assert [(one.path, one.turn) for one in passages] == [("inner", 0), ("inner", 1), ("act", 0), ("", 0)]


def test_what_went_in_is_kept_from_what_writes_in_place():
    model = Twice()
    nn.init.constant_(model.inner.weight, -1.0)
    nn.init.zeros_(model.inner.bias)
    relu = trace(model, {"x": -torch.ones(1, 2)})[2]
    assert relu.inputs[0][1].tolist() == [[-4.0, -4.0]]
    assert relu.outputs[0][1].tolist() == [[0.0, 0.0]]


def test_no_hook_stays():
    model = Twice()
    trace(model, {"x": torch.ones(1, 2)})
    assert all(not module._forward_hooks and not module._forward_pre_hooks for module in model.modules())


def unequal(one, other):
    return None if torch.equal(one, other) else "unequal"


def passage(path, given, came, turn=0):
    return Passage(path=path, turn=turn, inputs=(("input", given),), outputs=(("output", came),))


def test_the_innermost_module_whose_inputs_agree():
    one, two, three = torch.ones(1), torch.ones(1) * 2, torch.ones(1) * 3
    here = [passage("a", one, one), passage("b.c", one, two), passage("b", one, two), passage("d", two, three)]
    there = [passage("a", one, one), passage("b.c", one, three), passage("b", one, three), passage("d", three, three)]
    parted = parting(here, there, unequal)
    assert (parted.path, parted.text) == ("b.c", "output: unequal")
    assert parting(here, here, unequal) is None
    assert parting(here, [], unequal) is None


def test_other_leaves_are_a_gap():
    one = torch.ones(1)
    assert first_gap((("a", one),), (("b", one),), unequal) == "b came, expected a"
    assert first_gap((("a", one),), (), unequal) == "nothing came, expected a"

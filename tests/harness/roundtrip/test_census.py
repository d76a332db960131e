import torch
from torch import nn

from samedevice.harness.roundtrip.census import Census, transplant, unlike
from samedevice.harness.roundtrip.effects import effects
from samedevice.harness.roundtrip.running import answer


class Helper:
    def __init__(self, gain=1.0):
        self.gain = gain


class Model(nn.Module):
    def __init__(self, gain=1.0, shift=0.0, idle=0):
        super().__init__()
        torch.manual_seed(0)
        self.linear = nn.Linear(2, 2)
        self.hidden = [nn.Linear(2, 2)]
        self.helper, self.shift, self.idle = Helper(gain), shift, idle
        self.register_buffer("table", torch.ones(2), persistent=False)

    def forward(self, x):
        return self.hidden[0](self.linear(x)) * self.helper.gain + self.shift * self.table


INPUTS = (torch.ones(1, 2),)


def test_slots_are_attributes_hidden_parameters_and_unsaved_buffers_by_path():
    slots = Census(Model()).slots
    assert {"shift", "idle", "helper.gain", "hidden[0].weight", "table", "linear.in_features"} <= slots.keys()
    assert slots["table"].kind == "buffer"
    assert slots["hidden[0].weight"].kind == "parameter"
    assert "linear.weight" not in slots
    assert "training" not in slots


def test_only_what_differs_is_unlike():
    assert unlike(Census(Model()), Census(Model())) == []
    assert unlike(Census(Model(gain=2.0)), Census(Model(idle=3))) == ["idle", "helper.gain"]


def test_an_attribute_that_one_alone_has_differs():
    one, two = Model(), Model()
    one.extra = 1
    assert unlike(Census(one), Census(two)) == unlike(Census(two), Census(one)) == ["extra"]


def test_a_transplant_is_undone():
    one, two = Model(gain=2.0), Model()
    undo = transplant("helper.gain", Census(one), Census(two))
    assert two.helper.gain == 2.0
    undo.swap()
    assert two.helper.gain == 1.0


def test_what_moves_the_answers_is_told_from_what_does_not():
    hand, loaded = Model(gain=2.0, shift=1.0, idle=7), Model()
    found = effects(hand, loaded, INPUTS, answer(hand, INPUTS))
    assert set(found.culprits) == {"helper.gain", "shift"}
    assert set(found.candidates) == {"helper.gain", "shift", "idle"}
    assert found.explained
    assert (loaded.helper.gain, loaded.shift, loaded.idle) == (1.0, 0.0, 0)


def test_a_gap_that_nothing_closes_is_not_explained():
    class Other(Model):
        def forward(self, x):
            return super().forward(x) + 1

    hand, loaded = Other(), Model()
    assert not effects(hand, loaded, INPUTS, answer(hand, INPUTS)).explained


def test_a_replaced_module_counts_by_its_class():
    hand, loaded = Model(), Model()
    hand.linear = nn.Sequential(nn.Linear(2, 2))
    assert "linear" in unlike(Census(hand), Census(loaded))


def test_a_module_that_has_no_truth_value_and_one_that_is_empty_are_holders():
    model = nn.Module()
    model.compiled = torch.compile(nn.Linear(2, 2), backend="eager")
    model.empty = nn.ModuleList()
    model.empty.depth = 3
    assert {"compiled._orig_mod.in_features", "empty.depth"} <= Census(model).slots.keys()

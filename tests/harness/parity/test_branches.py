import os

import torch
from torch import nn

from samedevice.harness.naming import source_line
from samedevice.harness.parity.branches import device_branch, entropy, forward_line, own_forward, raw


class Branching(nn.Module):
    def forward(self, x):
        y = x * 2
        return y.half() if y.device.type == "cuda" else y  # branch


class Casting(nn.Module):
    def forward(self, x):
        with torch.autocast(x.device.type):  # branch
            return x @ x


class Heir(Branching):
    def forward(self, x):
        return super().forward(x)


class Straight(nn.Module):
    def __init__(self):
        super().__init__()
        self.size = 1 if torch.ones(1).sum() > 0 else 2

    def forward(self, x):
        return x.to(x.device)


class Chance(nn.Module):
    def forward(self, x):
        out = torch.empty(1)  # raw
        return x + out.fill_(os.urandom(1)[0])  # entropy


def line(place):
    return source_line(place.file, place.line)


def test_branches_on_the_device():
    assert line(device_branch(Branching)).endswith("# branch")
    assert line(device_branch(Casting)).endswith("# branch")
    assert line(device_branch(Heir)).endswith("# branch")
    assert device_branch(Straight) is None
    assert device_branch(nn.Linear) is None


def test_entropy_and_raw_memory():
    assert line(entropy(Chance)).endswith("# raw")
    assert line(raw(Chance)).endswith("# raw")
    assert entropy(Straight) is raw(Branching) is None


def test_where_a_forward_begins():
    assert line(forward_line(Straight)) == "def forward(self, x):"


def test_a_class_without_source_has_no_lines():
    made = type("Made", (nn.Module,), {})
    assert device_branch(made) is None


class Own(nn.Module):
    def forward(self, x):
        return x


def test_the_forward_of_the_outermost_module_that_no_library_has_written():
    own = Own.forward.__code__
    for model in (Own(), nn.Sequential(nn.Linear(2, 2), Own())):
        assert (own_forward(model).file, own_forward(model).line) == (own.co_filename, own.co_firstlineno)
    assert own_forward(nn.Linear(2, 2)) == forward_line(nn.Linear)

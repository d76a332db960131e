import pytest
import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.suites.placement.forward import FORWARD
from samedevice.suites.placement.moves import MOVES


class Remembering(nn.Module):
    """Keeps what it made at the first forward, on the device of that time."""

    def __init__(self, aware=False):
        super().__init__()
        self.weight, self.aware, self.cache = nn.Parameter(torch.ones(3)), aware, {}

    def positions(self, x):
        key = (x.shape[1], x.device) if self.aware else x.shape[1]
        if key not in self.cache:
            self.cache[key] = torch.arange(3.0, device=x.device)  # born
        return self.cache[key]

    def forward(self, x):
        return x * self.weight + self.positions(x)


def test_a_cache_that_forgets_the_device(blames, findings):
    blames(MOVES, Remembering, "SD201", "cache[3]")
    assert findings(FORWARD, Remembering) == []


def test_a_cache_that_knows_the_device(findings):
    assert findings(MOVES, lambda: Remembering(aware=True)) == []


class Settling(nn.Module):
    """Makes its table at the first forward on an accelerator, and keeps it there for good."""

    def __init__(self):
        super().__init__()
        self.weight, self.table = nn.Parameter(torch.ones(3)), None

    def forward(self, x):
        if self.table is None and not x.is_cpu:
            self.table = torch.ones(3, device=x.device)  # born
        return x * self.weight * (1 if self.table is None else self.table)


def test_a_table_that_stays_on_the_accelerator(blames):
    blames(MOVES, Settling, "SD105", "table")


class Ordinary(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 3)

    def forward(self, x):
        return self.layer(x)


def test_deep_copies(findings):
    assert findings(MOVES, Ordinary) == []


def test_there_is_nowhere_to_move_from_the_cpu(findings):
    with pytest.raises(AssertionError, match="nowhere to move"):
        findings(MOVES, Ordinary, on=Device(kind="cpu"))


class Grown(nn.Module):
    """Holds what was computed from a parameter, which PyTorch copies for nobody."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 3)
        self.gain = nn.Parameter(torch.ones(3)) * 2

    def forward(self, x):
        return self.layer(x) * self.gain.detach().to(x.device)


def test_a_model_that_nobody_can_copy_is_not_copied(findings):
    assert findings(MOVES, Grown) == []


class Careless(Grown):
    """The same, with a table that stays behind."""

    def __init__(self):
        super().__init__()
        self.table = torch.ones(3)  # born

    def forward(self, x):
        return super().forward(x) + self.table


def test_a_model_that_nobody_can_copy_is_still_moved(blames):
    blames(MOVES, Careless, "SD201", "table")


class Stateful(nn.Module):
    """Goes on from the state of the call before, which was on the device of that time."""

    def __init__(self):
        super().__init__()
        self.cell, self.state = nn.GRUCell(3, 3), None

    def forward(self, x):
        state = x.new_zeros(x.shape) if self.state is None else self.state
        out = self.cell(x, state)  # born
        self.state = out.detach()
        return out


def test_a_state_that_was_kept_is_blamed_by_its_own_line(blames):
    blames(MOVES, Stateful, "SD201", "state")


class Following(Stateful):
    """The same, and takes the state along."""

    def forward(self, x):
        if self.state is not None:
            self.state = self.state.to(x.device)
        return super().forward(x)


def test_a_state_that_follows(findings):
    assert findings(MOVES, Following) == []

import torch
from torch import nn
from torch.nn import functional as F

from samedevice.harness.naming import source_line
from samedevice.harness.parity.watching import draws


class Drawing(nn.Module):
    def __init__(self):
        super().__init__()
        self.registered, self.unseen = nn.Dropout(0.5), [nn.Dropout(0.5)]

    def forward(self, x):
        for _ in range(2):
            x = F.dropout(x, 0.5)  # first
        x = x + torch.randn(4)  # second
        x = self.registered(x)
        return self.unseen[0](x)  # third


def test_each_line_that_draws_once():
    found = draws(Drawing(), (torch.ones(2, 4),))
    assert [(draw.name, draw.drops) for draw in found] == [("dropout", True), ("randn", False), ("dropout", True)]
    lines = [source_line(draw.line.file, draw.line.line).rpartition("# ")[2] for draw in found]
    assert lines == ["first", "second", "third"]


def test_what_draws_nothing():
    assert draws(nn.Linear(4, 4).eval(), (torch.ones(2, 4),)) == ()


def test_the_generator_is_as_it_was():
    model, before = Drawing(), torch.get_rng_state()
    draws(model, (torch.ones(2, 4),))
    assert torch.equal(before, torch.get_rng_state())

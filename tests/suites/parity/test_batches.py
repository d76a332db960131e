import pytest
import torch
from torch import nn

from samedevice.suites.parity.parity import PARITY


class Normed(nn.Module):
    """Takes away the mean over `axis`: 0 is that of the batch."""

    def __init__(self, axis):
        super().__init__()
        self.embedding, self.inner, self.axis = nn.Embedding(32, 4), nn.Identity(), axis

    def forward(self, input_ids):
        hidden = self.inner(self.embedding(input_ids))
        return hidden - hidden.mean(self.axis, keepdim=True)


def tokens():
    return {"input_ids": torch.arange(2, 18).view(2, 8)}


def test_a_row_that_depends_on_the_others(findings):
    (found,) = findings(PARITY, lambda: Normed(0), inputs=tokens)
    assert (found.code, found.severity, found.subject) == ("SD403", "warning", "output")
    assert "the first of 2 rows alone gives something else than in its batch" in found.message


def test_a_row_that_does_not(cell):
    result = cell(PARITY, lambda: Normed(-1), inputs=tokens)
    assert result.findings == ()
    assert {measure.name: measure.value for measure in result.measures} == {"rows_alone": 1}


class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = Normed(0)

    def forward(self, input_ids):
        return self.norm(input_ids) * 2


def test_the_first_module_is_named(findings):
    (found,) = findings(PARITY, Outer, inputs=tokens)
    assert found.subject == "norm"
    assert found.origin.file == __file__


class Contrast(nn.Module):
    """A similarity of every row with every other: no row of it stands for one of the input."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(32, 4)

    def forward(self, input_ids):
        pooled = self.embedding(input_ids).mean(1)
        return pooled @ pooled.T


@pytest.mark.parametrize("build", [Contrast, lambda: nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4))])
def test_what_is_no_row_is_not_asked(cell, build):
    inputs = tokens if build is Contrast else lambda: (torch.ones(2, 4),)
    result = cell(PARITY, build, inputs=inputs)
    assert (result.status, result.findings) == ("not-checked", ())

import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.suites.positions.lengths import LENGTHS

CPU = Device(kind="cpu")


class Table(nn.Module):
    """A table of 512 rows, looked up without a care."""

    def __init__(self):
        super().__init__()
        self.table = nn.Parameter(torch.zeros(512, 32))

    def forward(self, hidden, positions):
        return hidden + self.table[positions]


class Overflowing(nn.Module):
    def forward(self, query_positions, key_positions):
        distance = query_positions.unsqueeze(-1) - key_positions.unsqueeze(-2)
        return distance.unsqueeze(1).float().exp()


class Transposed(nn.Module):
    def forward(self, query, key, query_positions, key_positions):
        return query.transpose(1, 2), key


def subjects(result):
    return [finding.subject for finding in result.findings]


def test_a_table_that_ends_is_found(outcome, embedding_inputs):
    result = outcome(LENGTHS, Table, CPU, embedding_inputs)
    assert subjects(result) == ["length 1024", "length 4096"]
    assert "IndexError" in result.findings[0].message
    assert result.findings[0].use.file == __file__


def test_a_number_that_overflows_is_found(outcome, bias_inputs):
    result = outcome(LENGTHS, Overflowing, CPU, bias_inputs)
    assert subjects(result) == ["length 255", "length 1024", "length 4096"]
    assert "numbers are not finite" in result.findings[0].message


def test_a_wrong_shape_is_found(outcome, rotation_inputs):
    result = outcome(LENGTHS, Transposed, CPU, rotation_inputs)
    assert len(result.findings) == 8  # at length 2 the two axes are alike
    assert "the outputs have shapes [(1, 1, 2, 8), (1, 2, 1, 8)], expected [(1, 2, 1, 8)" in result.findings[0].message

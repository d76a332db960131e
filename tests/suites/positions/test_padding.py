import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.suites.positions.padding import PADDING

CPU = Device(kind="cpu")


class RowIndex(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Parameter(torch.randn(64, 32))

    def forward(self, hidden, positions):
        return hidden + self.table[: hidden.shape[1]]


class Crowded(nn.Module):
    """Looks at the neighbours."""

    def forward(self, query, key, query_positions, key_positions):
        return query - query.mean(-2, keepdim=True), key


class Centred(nn.Module):
    """Distances measured from the middle of the row."""

    def forward(self, query_positions, key_positions):
        middle = key_positions.shape[1] // 2
        return (query_positions.unsqueeze(-1) - middle + 0 * key_positions.unsqueeze(-2)).unsqueeze(1).float()


def sides(result):
    assert {finding.code for finding in result.findings} == {"SD803"}
    return [finding.subject for finding in result.findings]


def test_an_index_in_the_row_is_found(outcome, embedding_inputs):
    assert sides(outcome(PADDING, RowIndex, CPU, embedding_inputs)) == ["padding on the left"]


def test_a_look_at_the_neighbours_is_found(outcome, rotation_inputs):
    result = outcome(PADDING, Crowded, CPU, rotation_inputs)
    assert sides(result) == ["padding on the left", "padding on the right"]
    assert result.findings[0].message.startswith("real tokens are encoded otherwise than alone: ")


def test_a_bias_that_knows_the_length_is_found(outcome, bias_inputs):
    result = outcome(PADDING, Centred, CPU, bias_inputs)
    assert sides(result) == ["padding on the left", "padding on the right"]

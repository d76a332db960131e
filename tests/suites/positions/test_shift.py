from torch import nn

from samedevice.harness.device import Device
from samedevice.suites.positions.shift import SHIFTED

CPU = Device(kind="cpu")


class Absolute(nn.Module):
    """A rotation in name: the keys keep a trace of where they stand."""

    def forward(self, query, key, query_positions, key_positions):
        return query, key + 0.01 * key_positions[:, None, :, None]


class AbsoluteBias(nn.Module):
    def forward(self, query_positions, key_positions):
        return (-key_positions.unsqueeze(-2) + 0 * query_positions.unsqueeze(-1)).unsqueeze(1).float()


class Blind(nn.Module):
    """An embedding that does not look at positions."""

    def forward(self, hidden, positions):
        return hidden + 1.0


def message(result):
    (finding,) = result.findings
    assert (finding.code, finding.subject) == ("SD803", "shift")
    assert finding.origin.file == __file__
    return finding.message


def test_a_rotation_that_knows_where_it_is_is_found(outcome, rotation_inputs):
    told = message(outcome(SHIFTED, Absolute, CPU, rotation_inputs))
    assert told.startswith("a shift of all positions by 37 changes what a query sees: ")


def test_a_bias_that_knows_where_it_is_is_found(outcome, bias_inputs):
    told = message(outcome(SHIFTED, AbsoluteBias, CPU, bias_inputs))
    assert told.startswith("a shift of all positions by 37 changes what a query sees: ")


def test_an_embedding_that_is_blind_is_found(outcome, embedding_inputs):
    assert message(outcome(SHIFTED, Blind, CPU, embedding_inputs)) == "a shift of all positions by 37 changes nothing"

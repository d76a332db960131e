import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.suites.positions.cache import CACHE

CPU = Device(kind="cpu")


class Restarting(nn.Module):
    """Counts from the start of what it is given."""

    def forward(self, hidden, positions):
        return hidden + torch.arange(hidden.shape[1]).unsqueeze(-1)


class SameLength(nn.Module):
    """Takes queries and keys to stand at the same places."""

    def forward(self, query_positions, key_positions):
        index = torch.arange(query_positions.shape[1]).unsqueeze(-1) - torch.arange(key_positions.shape[1])
        return index[None, None].float()


class OneAngle(nn.Module):
    """Turns the keys by the positions of the queries: impossible with a cache."""

    def forward(self, query, key, query_positions, key_positions):
        turn = query_positions[:, None, :, None]
        return query * turn, key * turn


def test_a_count_that_restarts_is_found(outcome, embedding_inputs):
    (finding,) = outcome(CACHE, Restarting, CPU, embedding_inputs).findings
    assert (finding.code, finding.subject) == ("SD803", "a cache")
    assert finding.message.startswith("tokens 20 to 23 are encoded anew: ")


def test_a_bias_for_square_scores_is_found(outcome, bias_inputs):
    (finding,) = outcome(CACHE, SameLength, CPU, bias_inputs).findings
    assert finding.code == "SD803"


def test_a_rotation_without_key_positions_is_found(outcome, rotation_inputs):
    (finding,) = outcome(CACHE, OneAngle, CPU, rotation_inputs).findings
    assert "raised RuntimeError" in finding.message
    assert finding.use.file == __file__

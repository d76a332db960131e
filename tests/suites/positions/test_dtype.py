import pytest
import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.suites.positions.dtype import DTYPE

CPU = Device(kind="cpu")


class Sine(nn.Module):
    """Right in float32: positions and angles in the dtype of the hidden states."""

    def forward(self, hidden, positions):
        return hidden + torch.sin(positions.to(hidden.dtype)).unsqueeze(-1)


class Promoting(nn.Module):
    """Right numbers in float32, whatever comes in."""

    def forward(self, hidden, positions):
        return hidden.float() + torch.sin(positions.float()).unsqueeze(-1)


class Choosy(nn.Module):
    def forward(self, hidden, positions):
        if hidden.dtype == torch.float16:
            raise TypeError("no float16 here")
        return hidden


def found(result):
    assert {finding.code for finding in result.findings} <= {"SD803"}
    return {finding.subject: finding.message for finding in result.findings}


def test_positions_in_half_precision_are_found(outcome, embedding_inputs):
    flaws = found(outcome(DTYPE, Sine, CPU, embedding_inputs))
    assert list(flaws) == ["torch.bfloat16", "torch.float16"]
    assert "numbers differ" in flaws["torch.bfloat16"]


def test_a_promoted_output_is_found(outcome, embedding_inputs):
    flaws = found(outcome(DTYPE, Promoting, CPU, embedding_inputs))
    assert flaws == {
        "torch.bfloat16": "the output is of torch.float32, expected torch.bfloat16",
        "torch.float16": "the output is of torch.float32, expected torch.float16",
    }


def test_a_dtype_that_raises_is_found(outcome, embedding_inputs):
    flaws = found(outcome(DTYPE, Choosy, CPU, embedding_inputs))
    assert flaws == {"torch.float16": "Choosy with torch.float16 raised TypeError: no float16 here"}


@pytest.mark.parametrize("kind", ["cuda", "mps"])
def test_a_tensor_of_float64_is_found_where_the_device_has_none(outcome, embedding_inputs, kind):
    class Double(nn.Module):
        def forward(self, hidden, positions):
            return (hidden.double() + torch.sin(positions.double()).unsqueeze(-1)).to(hidden.dtype)

    result = outcome(DTYPE, Double, Device(kind=kind, virtual=True), embedding_inputs)
    assert {finding.code for finding in result.findings} == ({"SD204"} if kind == "mps" else set())

import torch
from torch import nn

from samedevice.harness.device import Device
from samedevice.harness.result import Status
from samedevice.suites.math.padding import PADDING, padded

CPU = Device(kind="cpu")


class RowIndex(nn.Module):
    """Looks at the index in the row: padding on the left moves every token."""

    def __init__(self):
        super().__init__()
        self.table = nn.Parameter(torch.randn(128, 64))

    def forward(self, hidden, positions, token_ids=None):
        return hidden + self.table[torch.arange(hidden.shape[1], device=hidden.device)]


class Crowded(nn.Module):
    """Looks at the whole row: padding on either side changes every token."""

    def forward(self, hidden, positions, token_ids=None):
        return hidden + hidden.mean(1, keepdim=True)


class Single(nn.Module):
    def forward(self, hidden, positions, token_ids=None):
        if hidden.shape[0] > 1:
            raise ValueError("one row at a time")
        return hidden


def test_a_healthy_model_passes(outcome, healthy, device):
    assert outcome(PADDING, healthy, device).status is Status.PASS


def test_positions_by_row_index_are_found_on_the_left(outcome, infected):
    findings = outcome(PADDING, infected(RowIndex), CPU).findings
    assert {finding.code for finding in findings} == {"SD803"}
    assert all(finding.message.startswith("padding on the left changes the logits") for finding in findings)
    # The longest problem has no padding.
    assert len(findings) == 19


def test_a_look_at_the_whole_row_is_found_on_both_sides(outcome, infected):
    findings = outcome(PADDING, infected(Crowded), CPU).findings
    assert {finding.message.split(" changes")[0] for finding in findings} == {
        "padding on the left",
        "padding on the right",
    }


def test_a_batch_that_raises_is_found(outcome, infected):
    findings = outcome(PADDING, infected(Single), CPU).findings
    assert [(finding.code, finding.subject) for finding in findings] == [
        ("SD801", "padding on the left"),
        ("SD801", "padding on the right"),
    ]


def test_padded_rows():
    rows = [torch.tensor([5]), torch.tensor([6, 7])]
    left, right = padded(rows, "left"), padded(rows, "right")
    assert left["input_ids"].tolist() == [[0, 5], [6, 7]]
    assert left["attention_mask"].tolist() == [[0, 1], [1, 1]]
    assert right["input_ids"].tolist() == [[5, 0], [6, 7]]
    assert right["attention_mask"].tolist() == [[1, 0], [1, 1]]

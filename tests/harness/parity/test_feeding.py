import pytest
import torch
from torch import nn

from samedevice.harness.parity.feeding import CUT, Side, first_row, pad_token, padded, unlabelled


class Reading(nn.Module):
    def forward(self, input_ids, attention_mask=None, position_ids=None, token_type_ids=None):
        return input_ids


class Plain(nn.Module):
    def forward(self, input_ids, attention_mask=None):
        return input_ids


def ids(rows=2, length=8):
    return torch.arange(1, rows * length + 1).view(rows, length)


def test_a_row_alone():
    batch, alone, size = first_row({"input_ids": ids(), "labels": ids(), "use_cache": False})
    assert size == 2
    assert batch.keys() == alone.keys() == {"input_ids", "use_cache"}
    assert torch.equal(alone["input_ids"], ids()[:1])


@pytest.mark.parametrize(
    "inputs",
    [
        (ids(),),
        {"x": ids()},
        {"input_ids": ids(rows=1)},
        {"input_ids": ids(), "edges": torch.zeros(3, 2)},
        {"input_ids": ids(), "scale": torch.tensor(1.0)},
        {"input_ids": ids(), "past": [torch.zeros(2)]},
    ],
)
def test_where_no_row_is_known(inputs):
    assert first_row(inputs) is None


def test_labels_ask_for_a_loss():
    assert unlabelled({"pixel_values": 1, "labels": 2}) == {"pixel_values": 1}


def test_padding_on_the_right_takes_the_place_of_the_last_tokens():
    given = padded(Plain(), {"input_ids": ids()}, Side.RIGHT)
    assert given.length == 8 - CUT
    assert torch.equal(given.plain["input_ids"], ids()[:, :-CUT])
    assert torch.equal(given.padded["input_ids"][:, :-CUT], given.plain["input_ids"])
    assert given.padded["attention_mask"].tolist() == [[1] * 6 + [0] * 2] * 2
    assert given.padded["input_ids"][:, -CUT:].eq(0).all()


def test_padding_on_the_left_keeps_the_positions():
    given = padded(Reading(), {"input_ids": ids(), "token_type_ids": ids() * 0}, Side.LEFT)
    assert given.plain["position_ids"].tolist() == [list(range(6))] * 2
    assert given.padded["position_ids"].tolist() == [[0, 0, *range(6)]] * 2
    assert given.plain["token_type_ids"].shape == (2, 6)


def test_inputs_are_not_written_to():
    fed = {"input_ids": ids(), "attention_mask": torch.ones(2, 8, dtype=torch.int64)}
    for side in Side:
        padded(Reading(), fed, side)
    assert torch.equal(fed["input_ids"], ids())
    assert bool(fed["attention_mask"].all())


@pytest.mark.parametrize(
    ("model", "inputs", "side"),
    [
        (Plain(), {"input_ids": ids()}, Side.LEFT),
        (nn.Linear(2, 2), {"input_ids": ids()}, Side.RIGHT),
        (Reading(), {"input_ids": ids(length=3)}, Side.RIGHT),
        (Reading(), {"input_ids": ids(), "attention_mask": torch.ones(2, 1, 8, 8)}, Side.RIGHT),
        (Reading(), {"input_ids": ids(), "extra": ids()}, Side.RIGHT),
        (Reading(), {"input_ids": ids(), "attention_mask": torch.tensor([[0] + [1] * 7] * 2)}, Side.LEFT),
    ],
)
def test_where_padding_is_not_asked(model, inputs, side):
    assert padded(model, inputs, side) is None


def test_the_padding_token_is_the_configs():
    model = Plain()
    assert pad_token(model) == 0
    model.config = type("Config", (), {"pad_token_id": 7})()
    assert pad_token(model) == 7

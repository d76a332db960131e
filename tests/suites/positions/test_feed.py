import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.errors import NotChecked
from samedevice.harness.target import Target
from samedevice.suites.positions.feed import cast, feed, pattern, span

LIKE = {
    "hidden": torch.zeros(2, 5, 6),
    "positions": torch.zeros(2, 5),
    "token_ids": torch.zeros(2, 5),
    "query": torch.zeros(2, 3, 5, 4),
    "key": torch.zeros(2, 3, 5, 4),
    "query_positions": torch.zeros(2, 5),
    "key_positions": torch.zeros(2, 5),
}


@given(st.integers(0, 4000), st.integers(1, 40), st.integers(0, 39))
def test_the_same_position_has_the_same_numbers_in_every_feed(start, length, offset):
    offset = min(offset, length - 1)
    whole, part = feed(LIKE, span(start, start + length)), feed(LIKE, span(start + offset, start + length))
    for name, axis in {"hidden": 1, "token_ids": 1, "query": 2, "key": 2}.items():
        assert torch.equal(whole[name].narrow(axis, offset, length - offset), part[name])


def test_shapes_and_widths_are_those_of_the_pattern():
    made = feed(LIKE, span(0, 7), span(5, 7))
    assert {name: list(tensor.shape) for name, tensor in made.items()} == {
        "hidden": [1, 7, 6],
        "positions": [1, 7],
        "token_ids": [1, 7],
        "query": [1, 3, 2, 4],
        "key": [1, 3, 7, 4],
        "query_positions": [1, 2],
        "key_positions": [1, 7],
    }


def test_numbers_are_all_different_and_of_moderate_size():
    states = feed(LIKE, span(0, 50))["hidden"]
    assert states.unique().numel() == states.numel()
    assert states.abs().max() <= 2


def test_a_cast_leaves_whole_numbers_alone():
    made = cast(
        {"hidden": torch.zeros(1), "positions": torch.zeros(1, dtype=torch.long)}, device="cpu", dtype=torch.half
    )
    assert [tensor.dtype for tensor in made.values()] == [torch.half, torch.long]


@pytest.mark.parametrize("inputs", [None, lambda: (torch.zeros(1),), lambda: {"input_ids": torch.zeros(1)}])
def test_what_is_no_encoding_is_not_checked(inputs):
    with pytest.raises(NotChecked, match="is no position encoding: its inputs are none of"):
        pattern(Target(name="linear", build=lambda: None, inputs=inputs))

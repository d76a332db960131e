import time

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

from samedevice.harness.errors import NotChecked
from samedevice.harness.example_inputs.search import search


class Picture(nn.Module):
    """The convolution of MNIST: 28 pixels a side, or the linear layer does not fit."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv2d(1, 2, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.linear = nn.Linear(2 * 14 * 14, 3)

    def forward(self, x):
        return self.linear(self.pool(self.convolution(x)).flatten(1))


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(50, 6)
        self.reader = nn.LSTM(6, 4, batch_first=True)

    def forward(self, tokens):
        return self.reader(self.embedding(tokens))[0]


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.left, self.right = nn.Linear(5, 7), nn.Linear(11, 7)

    def forward(self, x, y: torch.Tensor, scale: float, flag: "bool"):
        return self.left(x) + self.right(y) * scale if not flag else x


class Bare(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(13, 3))

    def forward(self, x):
        return x @ self.weight


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (Picture, {"x": ((2, 1, 28, 28), 0)}),
        (Words, {"tokens": ((2, 8), 50)}),
        (Two, {"x": ((2, 5), 0), "y": ((2, 11), 0), "scale": 1.0, "flag": False}),
        (nn.Identity, {"input": ((2, 8), 0)}),
        (lambda: nn.Bilinear(3, 4, 5), {"input1": ((2, 3), 0), "input2": ((2, 4), 0)}),
        (lambda: nn.Conv3d(2, 3, 3), {"input": ((2, 2, 8, 8, 8), 0)}),
        (lambda: nn.BatchNorm1d(5), {"input": ((2, 5), 0)}),
    ],
)
def test_what_the_layers_say_is_fed(make, expected):
    for _ in range(2):  # the same every time
        found = search(make)
        told = {name: one.value if one.value is not None else (one.shape, one.below) for name, one in found.items()}
        assert told == expected
    make()(**{name: one.made() for name, one in found.items()})


def test_a_shape_that_no_layer_names_is_found_by_trying():
    found = search(Bare)
    assert found["x"].shape[-1] == 13


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.nested_given])
@given(width=st.integers(1, 40), axes=st.integers(1, 3))
def test_any_linear_behind_any_convolution_that_keeps_its_size(width, axes):
    kind = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[axes - 1]
    found = search(lambda: kind(width, 2, 1))
    assert found["input"].shape[1] == width
    assert len(found["input"].shape) == axes + 2


def test_nothing_is_tried_for_long():
    class Slow(nn.Module):
        def forward(self, x):
            time.sleep(0.3)
            raise ValueError("no")

    started = time.monotonic()
    with pytest.raises(NotChecked, match=r"none of \d+ tried is taken; with the likeliest it raises ValueError: no"):
        search(Slow)
    assert time.monotonic() - started < 20


def test_random_numbers_go_on_as_if_nothing_had_been_tried():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    search(Picture)
    assert torch.equal(torch.rand(1), expected)

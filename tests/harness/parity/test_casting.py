from dataclasses import dataclass
from typing import NamedTuple

import pytest
import torch
from torch import nn

from samedevice.harness.parity.casting import can_be_cast, cast, feed


class Kept(nn.Module):
    _keep_in_fp32_modules = ("norm",)

    def __init__(self):
        super().__init__()
        self.linear, self.norm = nn.Linear(2, 2), nn.LayerNorm(2)
        self.register_buffer("step", torch.tensor(1))


def test_what_a_class_keeps_in_float32_stays_there():
    model = Kept()
    cast(model, torch.float16)
    assert (model.linear.weight.dtype, model.norm.weight.dtype, model.step.dtype) == (
        torch.float16,
        torch.float32,
        torch.int64,
    )
    cast(model, torch.float64)
    assert model.norm.weight.dtype == torch.float64


class Pair(NamedTuple):
    one: torch.Tensor
    other: int


@dataclass
class Batch:
    x: torch.Tensor
    mask: torch.Tensor


def test_a_large_model_is_not_asked_in_float64():
    with torch.device("meta"):
        model = nn.Linear(50_000, 5_001)
    with pytest.raises(ValueError, match=r"too large for float64: 250,055,001 numbers, asked are at most 250,000,000"):
        cast(model, torch.float64)
    cast(model, torch.float16)


def test_inputs_of_every_shape():
    number, whole = torch.ones(1), torch.ones(1, dtype=torch.int64)
    fed = feed({"a": [number, whole], "b": Pair(number, 3), "c": Batch(number, whole), "d": "text"}, torch.float64)
    assert [t.dtype for t in fed["a"]] == [torch.float64, torch.int64]
    assert (fed["b"].one.dtype, fed["b"].other) == (torch.float64, 3)
    assert (fed["c"].x.dtype, fed["c"].mask.dtype, fed["d"]) == (torch.float64, torch.int64, "text")


def test_whether_there_is_anything_to_cast():
    assert can_be_cast(nn.BatchNorm1d(2, affine=False))
    assert not can_be_cast(nn.ReLU())

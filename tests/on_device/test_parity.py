"""Healthy models answer the same on every device, real ones included, twice, and in half precision."""

import pytest
import torch
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel

import samedevice
from samedevice.harness.result import Status


def convolving():
    torch.manual_seed(0)
    layers = (nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.GELU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32, 4))
    return nn.Sequential(*layers).eval()


def image():
    return (torch.linspace(-1, 1, 2 * 3 * 16 * 16).view(2, 3, 16, 16),)


def generating():
    torch.manual_seed(0)
    sizes = {"n_layer": 2, "n_embd": 32, "n_head": 2, "vocab_size": 64, "n_positions": 32, "initializer_range": 0.5}
    return GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=0, eos_token_id=0, pad_token_id=0)).eval()


def tokens():
    ids = torch.arange(2, 18).view(2, 8)
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids)}


@pytest.mark.parametrize(("build", "inputs"), [(convolving, image), (generating, tokens)], ids=["conv", "gpt2"])
@pytest.mark.parametrize("check", ["dtypes", "parity", "determinism"])
def test_healthy_models(device, build, inputs, check):
    (cell,) = samedevice.check(build, inputs=inputs, devices=[device], checks=[check]).cells
    assert cell.status in (Status.PASS, Status.NOT_CHECKED)
    assert not cell.has_problem
    if cell.status is Status.NOT_CHECKED:
        assert "nothing to compare on the CPU" in cell.reason

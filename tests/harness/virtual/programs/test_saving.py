"""Saving: a checkpoint made on a virtual device is one of that device, and says so when the device is gone."""

import io

import pytest
import torch
from torch import nn

from samedevice.harness.virtual import virtual


def saved(value):
    buffer = io.BytesIO()
    torch.save(value, buffer)
    return io.BytesIO(buffer.getvalue())


def test_round_trip(same):
    def program(d):
        model = nn.Linear(2, 2).to(d)
        state = torch.load(saved({"model": model.state_dict(), "step": torch.tensor(3), "view": model.weight[0]}))
        return state["model"], state["view"]

    same(program)


@pytest.mark.parametrize("where", ["cpu", torch.device("cpu"), {"cuda:0": "cpu", "cuda:1": "cpu", "mps:0": "cpu"}])
def test_map_location_to_the_cpu(same, where):
    same(lambda d: torch.load(saved(torch.arange(3.0, device=d)), map_location=where), host=(0,))


def test_map_location_to_the_device(same):
    def program(d):
        host = saved(torch.arange(3.0))
        function = torch.load(saved(torch.arange(3.0)), map_location=lambda storage, place: storage)
        return (
            torch.load(host, map_location=d),
            torch.load(saved(nn.Linear(2, 2).state_dict()), map_location=torch.device(d)),
            function,
        )

    same(program, host=(3,))


def test_whole_modules(same):
    same(lambda d: list(torch.load(saved(nn.Linear(2, 2).to(d)), weights_only=False).parameters()))


@pytest.mark.parametrize("kind", ["cuda", "mps"])
def test_a_checkpoint_needs_its_device(kind):
    with virtual(kind):
        file = saved(torch.ones(2, device=kind))
    with pytest.raises(RuntimeError, match=kind.upper() if kind == "cuda" else "not recognized: mps"):
        torch.load(io.BytesIO(file.getvalue()))
    assert torch.load(file, map_location="cpu").device.type == "cpu"


def test_a_checkpoint_of_a_second_device_needs_two():
    with virtual("cuda", count=2):
        file = saved(torch.ones(2, device="cuda:1"))
    with virtual("cuda"), pytest.raises(RuntimeError, match=r"on CUDA device 1 but torch.cuda.device_count\(\) is 1"):
        torch.load(file)


def test_old_format(same):
    def program(d):
        buffer = io.BytesIO()
        torch.save(torch.arange(3.0, device=d), buffer, _use_new_zipfile_serialization=False)
        return torch.load(io.BytesIO(buffer.getvalue()))

    same(program)

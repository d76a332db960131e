"""`torch.compile` on a virtual device: eager, said once, and undone."""

import logging

import torch
from torch import nn

import samedevice


def test_compiled_code_sees_the_device_and_says_so_once(caplog):
    model = nn.Linear(2, 2)
    with caplog.at_level(logging.WARNING, "samedevice"), samedevice.virtual("cuda"):
        compiled = [torch.compile(model.to("cuda"), backend="eager") for _ in range(2)]
        for one in compiled:
            assert one(torch.ones(1, 2, device="cuda")).device == torch.device("cuda", 0)
        assert all(name.startswith("_orig_mod.") for name in compiled[0].state_dict())
    assert [record.message for record in caplog.records] == ["torch.compile runs eagerly on a virtual device"]


def test_what_was_compiled_before_runs_eagerly_too():
    @torch.compile(backend="eager")
    def doubled(x):
        return x * 2

    doubled(torch.ones(2))
    with samedevice.virtual("cuda"):
        assert doubled(torch.ones(2, device="cuda")).is_cuda
    compiling = []

    def backend(graph, inputs):
        compiling.append(graph)
        return graph.forward

    torch.compile(lambda x: x + 1, backend=backend)(torch.ones(2))
    assert compiling  # outside, the compiler compiles again

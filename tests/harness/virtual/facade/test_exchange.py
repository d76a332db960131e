"""Tensors that other libraries hand back, and what is remembered of those that nobody hands back."""

import gc
import inspect

import numpy
import torch

from samedevice.harness.virtual import virtual


def remembered():
    """Address -> label of the capsules that are under way."""
    return inspect.getclosurevars(torch.utils.dlpack.to_dlpack).nonlocals["packed"]


def test_a_capsule_that_nobody_opens_is_forgotten_with_its_memory():
    with virtual("cuda"):
        x = torch.ones(64, device="cuda")
        capsule = torch.utils.dlpack.to_dlpack(x[1:])
        other = torch.utils.dlpack.to_dlpack(x[2:])
        assert len(remembered()) == 2
        del x, other
        gc.collect()
        assert len(remembered()) == 2  # the memory is there: a capsule holds it
        del capsule
        gc.collect()
        assert remembered() == {}


def test_a_capsule_outlives_its_tensor():
    with virtual("cuda"):
        capsule = torch.utils.dlpack.to_dlpack(torch.ones(64, device="cuda"))
        gc.collect()
        opened = torch.from_dlpack(capsule)
        assert (opened.device.type, opened.sum().item(), remembered()) == ("cuda", 64.0, {})
        del capsule, opened
        gc.collect()
        assert torch.from_dlpack(numpy.ones(64, dtype=numpy.float32)).device.type == "cpu"

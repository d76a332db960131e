"""Fixtures: a virtual device to stand on, tensors there and here, and a program's run compared with the CPU's."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch.utils._pytree import tree_leaves

from samedevice.harness.virtual import virtual

PLACES = ("cuda", "cuda:1", "mps")


@pytest.fixture(params=PLACES)
def place(request):
    """A virtual device that stands while the test runs, by its name."""
    kind = request.param.partition(":")[0]
    with virtual(kind, count=1 if kind == "mps" else 2):
        yield request.param


@pytest.fixture
def mixed(place):
    """Makers of tensors: `there(2, 3)` on the device, `here(2, 3)` on the CPU; `index_...` of integers."""

    def made(device, dtype):
        return lambda *shape: (torch.arange(float(np.prod(shape, dtype=int))).view(shape) % 2).to(dtype).to(device)

    return SimpleNamespace(
        place=place,
        there=made(place, torch.float32),
        here=made("cpu", torch.float32),
        index_there=made(place, torch.long),
        index_here=made("cpu", torch.long),
        mask_there=made(place, torch.bool),
        mask_here=made("cpu", torch.bool),
    )


@pytest.fixture(params=PLACES)
def same(request, monkeypatch):
    """Run a program on the CPU and on a virtual device: the results are bitwise equal, and where they belong.

    `same(program, host=...)`: `program(device)` returns any nest of values; `host` are the positions of
    its tensors that live on the CPU by right.
    """
    place = request.param
    kind = place.partition(":")[0]
    # Here devices are compared, not kernels: what MPS lacks is test_kernels' business.
    monkeypatch.setenv("PYTORCH_ENABLE_MPS_FALLBACK", "1")

    def compare(program, host=()):
        torch.manual_seed(0)
        expected = tree_leaves(program("cpu"))
        with virtual(kind, count=1 if kind == "mps" else 2):
            torch.manual_seed(0)
            found = tree_leaves(program(place))
            where = [str(value.device) for value in found if isinstance(value, torch.Tensor)]
            index = torch.device(place).index or 0
            assert where == ["cpu" if i in host else f"{kind}:{index}" for i in range(len(where))]
            found = [value.cpu() if isinstance(value, torch.Tensor) else value for value in found]
        assert len(found) == len(expected) > 0
        for one, other in zip(expected, found, strict=True):
            _equal(one, other)

    return compare


def _equal(one, other):
    if isinstance(one, torch.Tensor):
        assert (one.dtype, one.shape) == (other.dtype, other.shape)
        if one.is_nested:
            assert all(itertools.starmap(torch.equal, zip(one.unbind(), other.unbind(), strict=True)))
        else:
            assert torch.equal(*(t.to_dense() if t.layout is not torch.strided else t for t in (one, other)))
    elif isinstance(one, np.ndarray):
        assert np.array_equal(one, other)
    else:
        assert one == other

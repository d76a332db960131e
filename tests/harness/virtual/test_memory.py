import copy
import gc

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

import samedevice
from samedevice.harness.errors import UsageError
from samedevice.harness.virtual.profiles import PROFILES

BLOCK = 512


def rounded(nbytes):
    return (nbytes + BLOCK - 1) // BLOCK * BLOCK


def test_what_lies_on_the_device_is_counted_and_given_back():
    with samedevice.virtual("cuda"):
        model = nn.Linear(100, 10).cuda()
        assert torch.cuda.memory_allocated() == rounded(4000) + rounded(40)
        twin = copy.deepcopy(model)
        assert torch.cuda.memory_allocated() == 2 * (rounded(4000) + rounded(40))
        del model, twin
        gc.collect()
        assert torch.cuda.memory_allocated() == 0
        assert torch.cuda.max_memory_allocated() == 2 * (rounded(4000) + rounded(40))
        torch.cuda.reset_peak_memory_stats()
        assert torch.cuda.max_memory_allocated() == 0


def test_views_share_and_host_copies_do_not_count():
    with samedevice.virtual("cuda"):
        x = torch.zeros(1000, device="cuda")
        view, host = x.view(10, 100)[2:], x.cpu()
        assert torch.cuda.memory_allocated() == rounded(4000)
        del x
        assert torch.cuda.memory_allocated() == rounded(4000)  # the view keeps the storage
        del view
        assert torch.cuda.memory_allocated() == 0
        assert host.sum() == 0


def test_a_move_changes_accounts():
    with samedevice.virtual("cuda", count=2):
        model = nn.Linear(64, 64, bias=False).to("cuda:0")
        model.to("cuda:1")
        assert torch.cuda.memory_allocated(0) == 0
        assert torch.cuda.memory_allocated(1) == 64 * 64 * 4


@given(st.lists(st.integers(0, 3000), max_size=8))
def test_the_sum_is_that_of_the_rounded_storages(sizes):
    with samedevice.virtual("cuda"):
        kept = [torch.empty(size, dtype=torch.uint8, device="cuda") for size in sizes]
        assert torch.cuda.memory_allocated() == sum(rounded(size) for size in sizes)
        assert len(kept) == len(sizes)


@pytest.mark.parametrize(
    "allocate",
    [
        lambda: torch.zeros(1000, device="cuda"),
        lambda: torch.zeros(1000).cuda(),
        lambda: torch.ones(600, device="cuda") + 1,
    ],
    ids=["factory", "move", "result"],
)
def test_what_does_not_fit_raises_pytorchs_error_and_takes_nothing(allocate):
    with samedevice.virtual("cuda", capacity=3072):
        with pytest.raises(
            torch.OutOfMemoryError, match=r"CUDA out of memory\. Tried to allocate .* GPU 0 has a total"
        ):
            allocate()
        gc.collect()
        assert torch.cuda.memory_allocated() == 0
        assert len(torch.zeros(768, device="cuda")) == 768  # 3072 bytes, all there is


def test_mps_says_it_in_its_own_words():
    with samedevice.virtual("mps", capacity=1024), pytest.raises(RuntimeError, match="MPS backend out of memory"):
        torch.zeros(1000, device="mps")


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_is_what_the_program_sees(name):
    machine = PROFILES[name]
    with samedevice.virtual(machine.kind, profile=name):
        if machine.kind == "mps":
            assert torch.mps.recommended_max_memory() == machine.memory
            return
        assert torch.cuda.device_count() == machine.count
        assert torch.cuda.get_device_capability() == machine.capability
        assert torch.cuda.get_device_name() == f"{machine.name} (virtual)"
        assert torch.cuda.mem_get_info() == (machine.memory, machine.memory)


def test_does_a_training_step_fit_on_two_t4s():
    """Two weights of 8 GB with their gradients do not fit on one card of 15.8; one on each, without gradients, do."""
    with samedevice.virtual("cuda", profile="t4x2"):
        torch.empty(2_000_000_000, dtype=torch.int8, device="cuda:0")
        first = torch.empty(8_000_000_000, dtype=torch.int8, device="cuda:0")
        second = torch.empty(8_000_000_000, dtype=torch.int8, device="cuda:1")
        assert first.device != second.device
        with pytest.raises(torch.OutOfMemoryError):
            torch.empty(8_000_000_000, dtype=torch.int8, device="cuda:0")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"profile": "t5"}, "unknown profile 't5': known are t4, t4x2, a100-40, h100, m2-16"),
        ({"profile": "m2-16"}, "profile 'm2-16' is a mps machine, not cuda"),
        ({"capacity": 0}, "a virtual device cannot have 0 bytes: capacity is at least 1"),
    ],
)
def test_bad_words(words, message):
    with pytest.raises(UsageError, match=message):
        samedevice.virtual("cuda", **words)

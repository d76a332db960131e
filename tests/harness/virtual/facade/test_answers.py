"""What PyTorch says about its accelerators inside a block, also under names that were imported before."""

import pytest
import torch
from torch.accelerator import current_accelerator
from torch.backends.mps import is_available as mps_is_available
from torch.cuda import current_device, device_count, get_device_name, is_available, synchronize

from samedevice.harness.errors import UsageError
from samedevice.harness.virtual import virtual


def test_names_that_were_imported_before_see_the_device():
    assert not is_available()
    with virtual("cuda", count=2):
        assert is_available()
        assert device_count() == 2
        assert current_device() == 0
        assert "virtual" in get_device_name(1)
        assert current_accelerator().type == "cuda"
        synchronize()
    assert not is_available()
    assert device_count() == 0
    with virtual("cuda"):
        assert device_count() == 1


def test_cached_answers_are_forgotten():
    assert not mps_is_available()
    with virtual("mps"):
        assert mps_is_available()
        assert torch.backends.mps.is_macos_or_newer(14, 0)
    assert not mps_is_available()


def test_cuda():
    with virtual("cuda", count=2):
        torch.cuda.set_device(1)
        assert torch.cuda.current_device() == 1
        assert torch.device("cuda").index is None
        assert torch.ones(1, device="cuda").device == torch.device("cuda:1")
        assert torch.cuda.get_device_capability() >= (7, 0)
        assert torch.cuda.get_device_properties(0).total_memory > 2**30
        assert torch.cuda.memory_allocated() >= 0
        assert torch.cuda.max_memory_allocated() >= 0
        assert torch.cuda.is_bf16_supported()
        assert torch.cuda.is_initialized()
        assert not torch.cuda.is_current_stream_capturing()
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
        torch.cuda.manual_seed_all(1)
        assert torch.get_device_module("cuda") is torch.cuda


def test_mps():
    with virtual("mps"):
        assert torch.backends.mps.is_available()
        assert torch.backends.mps.is_built()
        assert not torch.cuda.is_available()
        torch.mps.synchronize()
        torch.mps.empty_cache()
        torch.mps.manual_seed(1)
        assert torch.mps.current_allocated_memory() >= 0
        assert torch.accelerator.current_accelerator() == torch.device("mps")
        assert torch.mps.device_count() == 1


def test_xpu():
    with virtual("xpu", count=2):
        assert torch.xpu.is_available()
        assert torch.xpu.device_count() == 2
        assert torch.ones(1, device="xpu:1").device == torch.device("xpu", 1)


@pytest.mark.parametrize("kind", ["cuda", "mps", "xpu"])
def test_the_current_accelerator(kind):
    with virtual(kind):
        assert torch.accelerator.is_available()
        assert torch.accelerator.current_device_index() == 0
        assert torch.accelerator.device_count() == 1
        torch.accelerator.synchronize()


def test_a_device_that_is_not_there():
    with virtual("cuda"):
        for use in (
            lambda: torch.ones(1, device="cuda:1"),
            lambda: torch.ones(1).cuda(1),
            lambda: torch.cuda.set_device(1),
        ):
            with pytest.raises(torch.AcceleratorError, match=r"^CUDA error: invalid device ordinal\n"):
                use()
        with pytest.raises((RuntimeError, AssertionError)):
            torch.ones(1, device="mps")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("tpu", 1), "no virtual device of kind 'tpu': choose from cuda, mps, xpu"),
        (("cuda", 0), "cannot make 0 virtual cuda devices: count is at least 1"),
        (("mps", 2), "cannot make 2 virtual mps devices: a Mac has one"),
    ],
)
def test_devices_that_cannot_be(arguments, words):
    kind, count = arguments
    with pytest.raises(UsageError, match=f"^{words}$"):
        virtual(kind, count=count)

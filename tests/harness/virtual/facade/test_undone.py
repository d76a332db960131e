"""Everything that a virtual device changes in PyTorch is put back, object for object, however the block ends."""

import os
import sys
import threading
import types

import pytest
import torch
from accelerate.state import PartialState

from samedevice.harness.virtual import virtual
from samedevice.harness.virtual.facade.installing import FALLBACK
from samedevice.harness.virtual.session import current

OWNERS = (
    *(
        module
        for name, module in sorted(sys.modules.items())
        if name.startswith("torch") and isinstance(module, types.ModuleType)
    ),
    threading.Thread,
    torch.Tensor,
    torch.UntypedStorage,
    torch.autocast,
    torch.nn.Module,
)


def namespace():
    """Every name of every torch module and of the classes that are touched, with the identity of its value."""
    found = {
        (repr(owner), name): id(value)
        for owner in OWNERS
        for name, value in list(vars(owner).items())
        # PyTorch's own flags, which a thread that outlives the block puts back in the wrong order.
        if not (name.startswith("_is_in_") and isinstance(value, bool))
    }
    found["location tags"] = tuple(map(id, torch.serialization._package_registry))
    found["modes"] = torch._C._len_torch_function_stack(), torch._C._len_torch_dispatch_stack()
    found["default device"] = torch.get_default_device()
    found["autocast"] = torch.is_autocast_enabled("cpu"), torch.is_autocast_enabled("cuda")
    return found


@pytest.fixture
def untouched():
    # PyTorch fills a few caches of its own at first use.
    for kind in ("cuda", "mps", "xpu"):
        with virtual(kind):
            used(kind)
    before = namespace()
    yield
    after = namespace()
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == set()
    assert current() is None
    assert torch.ones(2).device.type == "cpu"


def used(kind):
    x = torch.ones(2, 2, device=kind, requires_grad=True)
    (x @ x.cpu().to(kind)).sum().backward()
    getattr(torch, kind).synchronize()
    torch.manual_seed(0)


@pytest.mark.parametrize("kind", ["cuda", "mps", "xpu"])
def test_a_block(untouched, kind):
    with virtual(kind):
        used(kind)


def test_an_exception(untouched):
    def program():
        with virtual("cuda", count=2):
            torch.cuda.set_device(1)
            torch.set_default_device("cuda:1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        program()


def test_a_refusal(untouched):
    with pytest.raises(RuntimeError, match="same device"), virtual("cuda"):
        torch.ones(2).cuda() + torch.ones(2)


@pytest.mark.parametrize("before", [None, "0", "1"])
def test_the_fallback_that_a_library_sets_where_it_finds_a_mac(monkeypatch, before):
    monkeypatch.delenv(FALLBACK, raising=False)
    if before is not None:
        monkeypatch.setenv(FALLBACK, before)
    with virtual("mps"):
        assert PartialState().device.type == "mps"
        assert os.environ[FALLBACK] == "1"
    assert os.environ.get(FALLBACK) == before


def test_nested_blocks(untouched):
    with virtual("cuda", count=2):
        with virtual("mps"):
            assert torch.cuda.is_available()
            assert torch.backends.mps.is_available()
            with pytest.raises(RuntimeError, match=r"MPS device|same device"):
                torch.ones(2, device="mps") + torch.ones(2, device="cuda:1")
            moved = torch.ones(2, device="cuda:1").to("mps")
        assert not torch.backends.mps.is_available()
        assert torch.cuda.device_count() == 2
        assert moved.cpu().tolist() == [1, 1]
        with virtual("cuda", count=4):
            assert torch.cuda.device_count() == 4
        assert torch.cuda.device_count() == 2
    assert not torch.cuda.is_available()


def test_a_decorator(untouched):
    @virtual("cuda")
    def program(x):
        """Words."""
        return x.cuda().device.type, torch.cuda.is_available()

    assert program(torch.ones(1)) == program(torch.ones(1)) == ("cuda", True)
    assert (program.__name__, program.__doc__) == ("program", "Words.")
    assert not torch.cuda.is_available()


def test_threads(untouched):
    seen = []
    release = threading.Event()

    def outliving():
        release.wait(10)
        seen.append((torch.cuda.is_available(), torch.ones(2).device.type))

    def inside():
        seen.append((torch.cuda.is_available(), torch.ones(2, device="cuda").device.type))

    with virtual("cuda"):
        late = threading.Thread(target=outliving)
        late.start()
        thread = threading.Thread(target=inside)
        thread.start()
        thread.join()
    release.set()
    late.join()
    assert seen == [(True, "cuda"), (False, "cpu")]


def test_a_block_in_a_thread_is_everybodys_while_it_lasts(untouched):
    """One process has one set of devices, as on hardware; the modes are the thread's own."""
    seen = []

    def work():
        with virtual("cuda"):
            seen.append(torch.ones(2, device="cuda").device.type)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == ["cuda"]
    assert not torch.cuda.is_available()


def test_a_generator_function_may_hold_a_block_open(untouched):
    def program():
        with virtual("cuda"):
            yield torch.ones(2).cuda().device.type

    running = program()
    assert next(running) == "cuda"
    running.close()


def test_tensors_outlive_their_device(untouched):
    with virtual("cuda"):
        x = torch.arange(3.0, device="cuda", requires_grad=True)
        y = x * 2
    assert x.device.type == "cpu"
    assert (y + torch.ones(3)).tolist() == [1, 3, 5]
    y.sum().backward()
    assert x.grad.tolist() == [2, 2, 2]

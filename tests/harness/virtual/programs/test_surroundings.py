"""What surrounds a model: autocast, gradient scaling, data loaders, threads, random state, streams."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def test_autocast_gives_half_precision(place):
    kind = place.partition(":")[0]
    layer = nn.Linear(2, 2).to(place)
    x = torch.ones(1, 2, device=place)
    with torch.autocast(kind, dtype=torch.bfloat16):
        out = layer(x)
        assert torch.is_autocast_enabled(kind)
        with torch.autocast(kind, enabled=False):
            assert layer(x).dtype is torch.float32
    assert (out.dtype, out.device) == (torch.bfloat16, x.device)
    assert layer(x).dtype is torch.float32
    assert not torch.is_autocast_enabled(kind)
    assert not torch.is_autocast_enabled("cpu")


def test_autocast_trains_in_half_precision(same):
    def program(d):
        torch.manual_seed(1)
        layer = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2)).to(d)
        with torch.autocast(torch.device(d).type, dtype=torch.bfloat16):
            loss = layer(torch.ones(2, 4, device=d)).float().pow(2).mean()
        loss.backward()
        return loss, [p.grad for p in layer.parameters()]

    same(program)


def test_gradient_scaling(same):
    def program(d):
        torch.manual_seed(1)
        layer = nn.Linear(2, 2).to(d)
        optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
        scaler = torch.amp.GradScaler(torch.device(d).type, init_scale=4.0)
        for _ in range(2):
            optimizer.zero_grad()
            scaler.scale(layer(torch.ones(1, 2, device=d)).sum()).backward()
            scaler.unscale_(optimizer)
            nn.utils.clip_grad_norm_(layer.parameters(), 1.0)
            scaler.step(optimizer)
            scaler.update()
        return list(layer.parameters()), scaler.get_scale()

    same(program)


@pytest.mark.parametrize("pinned", [False, True])
@pytest.mark.filterwarnings("ignore:'pin_memory' argument is set")
def test_loaders_give_host_batches(same, pinned):
    def program(d):
        data = TensorDataset(torch.arange(6.0).view(3, 2), torch.arange(3))
        batches = [(x.to(d, non_blocking=True), y.to(d)) for x, y in DataLoader(data, batch_size=2, pin_memory=pinned)]
        shuffled = DataLoader(data, batch_size=3, shuffle=True, generator=torch.Generator().manual_seed(0))
        return batches, [x.to(d) for x, _ in shuffled]

    same(program)


def test_loaders_of_device_data(same):
    same(lambda d: list(DataLoader(TensorDataset(torch.arange(6.0, device=d)), batch_size=2)))


def test_threads_inherit_the_devices(same):
    def program(d):
        found = {}

        def work():
            found["thread"] = torch.arange(3.0, device=d) * torch.tensor(2.0)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        with ThreadPoolExecutor(2) as pool:
            found["pool"] = list(pool.map(lambda i: torch.full((2,), float(i)).to(d) + 1, range(3)))
        return found

    same(program)


def test_threads_refuse_too(mixed):
    def work():
        with pytest.raises(RuntimeError, match=r"same device|MPS device"):
            mixed.there(3) @ mixed.here(3)
        return True

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(work).result()


def test_random_state_is_kept(place):
    torch.manual_seed(3)
    first = torch.randn(2, device=place)
    state = torch.get_rng_state()
    with torch.random.fork_rng(devices=[]):
        torch.randn(5, device=place)
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(3)
    assert torch.equal(torch.randn(2, device=place), first)


def test_generators_repeat_themselves(place):
    generator = torch.Generator(device=place).manual_seed(7)
    assert generator.device == torch.ones(1, device=place).device
    state = generator.get_state()
    first = torch.randn(3, device=place, generator=generator)
    generator.set_state(state)
    assert torch.equal(torch.randn(3, device=place, generator=generator), first)
    assert generator.initial_seed() == 7


def test_streams_and_events():
    from samedevice.harness.virtual import virtual

    with virtual("cuda", count=2):
        stream = torch.cuda.Stream()
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        with torch.cuda.stream(stream):
            start.record()
            x = torch.ones(2, device="cuda", pin_memory=False) * 2
            x.record_stream(stream)
            end.record(stream)
        stream.wait_stream(torch.cuda.current_stream())
        torch.cuda.synchronize()
        assert end.query()
        assert start.elapsed_time(end) >= 0
        with torch.cuda.device(1):
            assert torch.cuda.current_device() == 1
            assert torch.ones(1, device="cuda").device.index == 1
            assert torch.ones(1).cuda().device.index == 1
        assert torch.cuda.current_device() == 0


def test_a_dlpack_capsule_comes_back_where_it_was(same):
    def program(d):
        x = torch.arange(4.0).to(d)
        back = torch.utils.dlpack.from_dlpack(torch.utils.dlpack.to_dlpack(x))
        assert back.data_ptr() == x.data_ptr()
        return back, torch.from_dlpack(torch.to_dlpack(x[1:])), torch.from_dlpack(torch.to_dlpack(x.cpu()))

    same(program, host=[2])


def test_the_host_program_is_exported_as_ever(place):
    class Net(nn.Module):
        def forward(self, x):
            return x * torch.ones(2, device=x.device)

    exported = torch.export.export(Net(), (torch.ones(2),)).module()
    assert exported(torch.ones(2)).tolist() == [1, 1]

"""The diffusion model's life on one device: `--devices` says which, tox runs this folder once for each."""

from copy import deepcopy

import pytest
import torch

from samedevice.models.diffusion import (
    BijectiveDiffusionForDenoising,
    NoiseScheduler,
    create_device_aware_corruptor,
    denoise,
    ensure_device_compatibility,
    generate,
)
from samedevice.models.diffusion.bound import denoising_loss
from samedevice.models.diffusion.coupling import INVERSE_TOLERANCE
from samedevice.models.targets import tiny_diffusion_config

KINDS = [("absorbing", "linear"), ("uniform", "cosine")]


@pytest.fixture(params=KINDS, ids="-".join)
def pair(request, device):
    """The model and its corruptor on the device."""
    corruption, schedule = request.param
    config = tiny_diffusion_config(corruption=corruption, schedule=schedule)
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        model = BijectiveDiffusionForDenoising(config).eval()
    corruptor = create_device_aware_corruptor(config, NoiseScheduler(config.num_timesteps, schedule, device="cpu"))
    assert str(ensure_device_compatibility(model.to(device), corruptor)) == device
    return model, corruptor


@pytest.fixture
def text(device):
    return torch.randint(3, 259, (2, 12), generator=torch.Generator().manual_seed(1)).to(device)


def seeded():
    return torch.Generator().manual_seed(5)


def on_the_cpu(pair):
    model, corruptor = deepcopy(pair)
    ensure_device_compatibility(model.to("cpu"), corruptor)
    return model, corruptor


def test_corruption_is_that_of_the_cpu(pair, text):
    timesteps = torch.tensor([3, 8])
    noisy = pair[1].corrupt(text, timesteps.to(text.device), generator=seeded())
    assert noisy.device == text.device
    assert torch.equal(noisy.cpu(), on_the_cpu(pair)[1].corrupt(text.cpu(), timesteps, generator=seeded()))


def test_the_loss_is_that_of_the_cpu_and_gradients_stay(pair, text, device):
    loss = denoising_loss(*pair, text, generator=seeded()).total
    assert str(loss.device) == device
    torch.testing.assert_close(loss.cpu(), denoising_loss(*on_the_cpu(pair), text.cpu(), generator=seeded()).total)
    loss.backward()
    assert {str(parameter.grad.device) for parameter in pair[0].parameters()} == {device}


def test_generation_stays_and_repeats(pair, text, device):
    runs = [generate(*pair, (2, 12), seeded()).ids for _ in range(2)]
    assert str(runs[0].device) == device
    assert torch.equal(*runs)
    noisy = pair[1].corrupt(text, torch.full((2,), 4, device=text.device), generator=seeded())
    assert denoise(*pair, noisy, 4, generator=seeded()).ids.device == text.device


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16], ids=str)
def test_blocks_invert(pair, device, dtype):
    trunk = pair[0].trunk.to(dtype)
    start = torch.randn((2, 6, 64), generator=torch.Generator().manual_seed(2)).to(device, dtype)
    timesteps = torch.tensor([1, 8]).to(device)
    with torch.no_grad():
        back = trunk.inverse_decode(trunk.decode(start, timesteps), timesteps)
    torch.testing.assert_close(back, start, rtol=0, atol=INVERSE_TOLERANCE[dtype])


@pytest.mark.devices("cuda", "mps")
def test_a_corruptor_left_on_the_cpu_is_refused(pair, text):
    pair[1].to("cpu")
    with pytest.raises(RuntimeError, match=r"same device|on CPU|Placeholder storage"):
        denoising_loss(*pair, text, generator=torch.Generator())

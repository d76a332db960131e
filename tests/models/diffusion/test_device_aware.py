import pytest
import torch
from torch import nn

import samedevice
from samedevice.models.diffusion import (
    BijectiveDiffusionConfig,
    NoiseScheduler,
    create_device_aware_corruptor,
    ensure_device_compatibility,
)
from samedevice.models.diffusion.bound import denoising_loss


def places(corruptor):
    held = (*vars(corruptor).values(), *vars(corruptor.scheduler).values())
    return {str(value.device) for value in held if isinstance(value, torch.Tensor)}


@pytest.mark.parametrize(("kind", "place"), [("cuda", "cuda:0"), ("cuda", "cuda:1"), ("mps", "mps:0")])
def test_the_corruptor_follows_the_model(make, ids, kind, place):
    model, corruptor = make(num_timesteps=8)
    expected = denoising_loss(model, corruptor, ids, generator=torch.Generator().manual_seed(0)).total
    with samedevice.virtual(kind, count=2 if kind == "cuda" else 1):
        assert str(ensure_device_compatibility(model.to(place), corruptor)) == place
        assert places(corruptor) == {place}
        found = denoising_loss(model, corruptor, ids.to(place), generator=torch.Generator().manual_seed(0)).total
        assert torch.equal(found.cpu(), expected)
        found.backward()
        assert {str(parameter.grad.device) for parameter in model.parameters()} == {place}


def test_a_corruptor_is_made_on_the_device_with_its_scheduler():
    with samedevice.virtual("cuda", count=2):
        scheduler = NoiseScheduler(device="cpu")
        corruptor = create_device_aware_corruptor(BijectiveDiffusionConfig(), scheduler, torch.device("cuda:1"))
        assert corruptor.scheduler is scheduler
        assert places(corruptor) == {"cuda:1"}
        follows = create_device_aware_corruptor(BijectiveDiffusionConfig(), scheduler, None)
        assert places(follows) == {"cuda:1"}


@pytest.mark.parametrize("how", ["spread", "meta", "empty"])
def test_a_model_that_is_nowhere_or_everywhere_is_refused(make, how):
    model, corruptor = make()
    with samedevice.virtual("cuda"):
        if how == "spread":
            model.head.to("cuda")
        elif how == "meta":
            model.to("meta")
        else:
            model = nn.ReLU()
        found = {"spread": "cpu, cuda:0", "meta": "meta", "empty": "no device, having no parameters"}[how]
        with pytest.raises(ValueError, match=f"{type(model).__name__} is on {found}: move it to one device"):
            ensure_device_compatibility(model, corruptor)

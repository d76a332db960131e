import math

import pytest
import torch

from samedevice.models.diffusion import (
    BijectiveDiffusionConfig,
    BijectiveDiffusionForDenoising,
    NoiseScheduler,
    create_device_aware_corruptor,
)

SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "initializer_range": 0.2}


@pytest.fixture
def make():
    """Builds a small model and its corruptor; weights large enough to matter."""

    def build(dtype=torch.float32, seed=0, **options):
        config = BijectiveDiffusionConfig(**{**SIZES, **options})
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(seed)
            model = BijectiveDiffusionForDenoising(config).eval().to(dtype)
        exact = torch.promote_types(dtype, torch.float32)
        scheduler = NoiseScheduler(config.num_timesteps, config.schedule, device="cpu", dtype=exact)
        return model, create_device_aware_corruptor(config, scheduler)

    return build


@pytest.fixture
def ids():
    """Clean text, int64 [3,10]; the first row has four tokens of padding on the left, the second three on the right."""
    drawn = torch.randint(3, 259, (3, 10), generator=torch.Generator().manual_seed(3))
    drawn[0, :4] = 0
    drawn[1, 7:] = 0
    return drawn


class Reference:
    """D3PM's transition matrices, written out in float64 from the paper; rows are where a token comes from."""

    def __init__(self, corruptor):
        scheduler, config = corruptor.scheduler, corruptor.config
        self.size = config.vocab_size
        survived = [
            self.formula(scheduler.schedule, t / scheduler.num_timesteps) for t in range(len(scheduler.alpha_bars))
        ]
        self.betas = [1 - after / before for before, after in zip(survived[:-1], [*survived[1:-1], 0.0], strict=True)]
        excluded = {config.mask_token_id, config.pad_token_id}
        absorbing = config.corruption == "absorbing"
        self.ids = [i for i in range(self.size) if (i == config.mask_token_id if absorbing else i not in excluded)]
        self.noise = torch.zeros(self.size, dtype=torch.float64)
        self.noise[self.ids] = 1 / len(self.ids)

    @staticmethod
    def formula(schedule, fraction):
        if schedule == "linear":
            return 1 - fraction
        cosine = [math.cos((part + 0.008) / 1.008 * math.pi / 2) ** 2 for part in (fraction, 0)]
        return cosine[0] / cosine[1]

    def step(self, t):
        """Q_t = (1 - beta_t) I + beta_t 1 m'."""
        beta = self.betas[t - 1]
        return (1 - beta) * torch.eye(self.size, dtype=torch.float64) + beta * self.noise.expand(self.size, -1)

    def between(self, earlier, later):
        """Q_earlier+1 ... Q_later, multiplied out one by one."""
        product = torch.eye(self.size, dtype=torch.float64)
        for t in range(earlier + 1, later + 1):
            product = product @ self.step(t)
        return product

    def joint(self, earlier, later, noisy):
        """q(x_earlier, x_later = noisy | x_0) for every x_0 and x_earlier: [V,V]."""
        return self.between(0, earlier) * self.between(earlier, later)[:, noisy]


@pytest.fixture(scope="session")
def reference():
    return Reference

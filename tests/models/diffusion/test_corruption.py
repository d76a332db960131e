import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chisquare

import samedevice
from samedevice.models.diffusion import BijectiveDiffusionConfig, NoiseScheduler, TextCorruptor
from samedevice.models.diffusion.configuration_diffusion import CORRUPTIONS
from samedevice.models.diffusion.noise_schedule import SCHEDULES

every_kind = pytest.mark.parametrize(("corruption", "schedule"), [(c, s) for c in CORRUPTIONS for s in SCHEDULES])


def small(corruption, schedule, steps=6, size=7):
    config = BijectiveDiffusionConfig(
        vocab_size=size, mask_token_id=size - 1, corruption=corruption, schedule=schedule, num_timesteps=steps
    )
    return TextCorruptor(config, NoiseScheduler(steps, schedule, device="cpu", dtype=torch.float64))


@given(st.sampled_from(CORRUPTIONS), st.sampled_from(sorted(SCHEDULES)), st.integers(1, 20), st.integers(3, 9))
def test_marginals_are_the_products_of_the_matrices(reference, corruption, schedule, steps, size):
    corruptor = small(corruption, schedule, steps, size)
    matrices = reference(corruptor)
    texts = torch.arange(size).expand(steps + 1, -1)
    found = corruptor.marginal(texts, torch.arange(steps + 1))
    for t in range(steps + 1):
        torch.testing.assert_close(found[t], matrices.between(0, t), rtol=1e-12, atol=1e-14)


@every_kind
@pytest.mark.parametrize("step", [1, 3, 5, 6])
def test_draws_follow_the_marginals(corruption, schedule, step):
    corruptor = small(corruption, schedule)
    clean = torch.full((200, 500), 2)
    noisy = corruptor.corrupt(clean, torch.full((200,), step), generator=torch.Generator().manual_seed(step))
    expected = corruptor.marginal(clean[:1, :1], torch.tensor([step]))[0, 0]
    counts = torch.bincount(noisy.flatten(), minlength=7)
    assert counts[expected == 0].sum() == 0
    possible = expected > 0
    if possible.sum() > 1:
        assert chisquare(counts[possible], expected[possible] * clean.numel()).pvalue > 0.001
    interval = binomtest(int(counts[2]), clean.numel()).proportion_ci(0.999)
    assert interval.low <= expected[2] <= interval.high


@every_kind
def test_the_ends(corruption, schedule):
    corruptor = small(corruption, schedule)
    clean = torch.arange(1, 6).repeat(2, 200)
    assert torch.equal(corruptor.corrupt(clean, torch.tensor([0, 0])), clean)
    gone = corruptor.corrupt(clean, torch.tensor([6, 6]), generator=torch.Generator().manual_seed(0))
    assert set(gone.unique().tolist()) == ({6} if corruption == "absorbing" else {1, 2, 3, 4, 5})
    if corruption == "uniform":
        assert abs((gone == clean).double().mean() - 0.2) < 0.05


@every_kind
@pytest.mark.parametrize("with_mask", [True, False])
def test_padding_stays(corruption, schedule, with_mask):
    corruptor = small(corruption, schedule)
    clean = torch.tensor([[0, 0, 3, 4], [2, 5, 0, 0]])
    given_mask = (clean != 0).long() if with_mask else None
    noisy = corruptor.corrupt(clean, torch.tensor([6, 6]), given_mask)
    assert torch.equal(noisy == 0, clean == 0)
    assert torch.equal(corruptor.is_text(clean, given_mask), clean != 0)


def test_the_mask_decides_over_the_padding_id():
    corruptor = small("absorbing", "linear")
    noisy = corruptor.corrupt(torch.tensor([[0, 3, 3]]), torch.tensor([6]), torch.tensor([[1, 1, 0]]))
    assert noisy.tolist() == [[6, 6, 3]]


@every_kind
def test_virtual_devices_draw_what_the_cpu_draws(corruption, schedule):
    clean, steps = torch.arange(1, 6).repeat(4, 20), torch.tensor([1, 3, 5, 6])
    config = small(corruption, schedule).config

    def draw(place):
        corruptor = TextCorruptor(config, NoiseScheduler(6, schedule, device=place))
        generator = torch.Generator().manual_seed(1)
        noisy = corruptor.corrupt(clean.to(place), steps.to(place), generator=generator)
        assert noisy.device == corruptor.device
        return noisy.cpu(), corruptor.noise((3, 4), generator).cpu()

    expected = draw("cpu")
    for kind, place in (("cuda", "cuda:1"), ("mps", "mps")):
        with samedevice.virtual(kind, count=2 if kind == "cuda" else 1):
            assert all(torch.equal(*pair) for pair in zip(draw(place), expected, strict=True))


def test_a_generator_of_the_device_needs_no_copy():
    with samedevice.virtual("cuda"), samedevice.transfers("disallow"):
        corruptor = TextCorruptor(BijectiveDiffusionConfig(), NoiseScheduler(device="cuda"))
        text = torch.full((2, 5), 7, device="cuda")
        steps = torch.full((2,), 64, device="cuda")
        noisy = corruptor.corrupt(text, steps, generator=torch.Generator(device="cuda").manual_seed(0))
        assert str(noisy.device) == "cuda:0"


@pytest.mark.parametrize("stray", ["noise_ids", "noise_probs", "scheduler"])
def test_to_moves_everything_that_a_corruptor_holds(stray):
    corruptor = small("uniform", "cosine")
    corruptor.scheduler.to("cpu")
    with samedevice.virtual("cuda"):
        single = TextCorruptor(corruptor.config, NoiseScheduler(6, "cosine", device="cpu"))
        assert single.to("cuda") is single
        assert str(getattr(single, stray).device) == "cuda:0"


def test_a_corruptor_left_on_the_cpu_is_refused_by_the_device():
    with samedevice.virtual("cuda"):
        corruptor = small("absorbing", "linear")
        text = torch.full((1, 3), 2, device="cuda")
        with pytest.raises(RuntimeError, match="same device"):
            corruptor.corrupt(text, torch.tensor([3], device="cuda"))


def test_a_schedule_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"the scheduler has 8 timesteps, the config 64: make the scheduler with"):
        TextCorruptor(BijectiveDiffusionConfig(), NoiseScheduler(8))

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import samedevice
from samedevice.models.diffusion import NoiseScheduler
from samedevice.models.diffusion.noise_schedule import SCHEDULES

schedules = st.sampled_from(sorted(SCHEDULES))
lengths = st.integers(1, 400)


@given(lengths, schedules)
def test_survival_falls_from_all_to_nothing(steps, schedule):
    scheduler = NoiseScheduler(steps, schedule, device="cpu")
    assert scheduler.alpha_bars.shape == scheduler.noise_bars.shape == (steps + 1,)
    assert (scheduler.alpha_bars[0], scheduler.alpha_bars[-1]) == (1, 0)
    assert (scheduler.noise_bars[0], scheduler.noise_bars[-1]) == (0, 1)
    assert (scheduler.alpha_bars.diff() < 0).all()
    assert (scheduler.noise_bars.diff() > 0).all()
    assert (scheduler.betas > 0).all()
    assert scheduler.betas[-1].item() == pytest.approx(1, abs=1e-7)


@given(lengths)
def test_linear_is_the_papers_beta(steps):
    expected = torch.tensor([1 / (steps - t + 1) for t in range(1, steps + 1)], dtype=torch.float64)
    found = NoiseScheduler(steps, "linear", device="cpu", dtype=torch.float64).betas
    torch.testing.assert_close(found, expected, rtol=1e-11, atol=0)


@given(lengths)
def test_cosine_is_the_papers_formula(steps):
    def f(t):
        return math.cos((t / steps + 0.008) / 1.008 * math.pi / 2) ** 2

    expected = torch.tensor([f(t) / f(0) for t in range(steps + 1)], dtype=torch.float64)
    found = NoiseScheduler(steps, "cosine", device="cpu", dtype=torch.float64).alpha_bars
    torch.testing.assert_close(found, expected, rtol=1e-11, atol=1e-15)


@given(lengths, schedules)
def test_single_precision_keeps_the_digits_of_small_betas(steps, schedule):
    single, double = (NoiseScheduler(steps, schedule, device="cpu", dtype=d) for d in (torch.float32, torch.float64))
    torch.testing.assert_close(single.betas.double(), double.betas, rtol=5e-5, atol=0)


@given(st.data(), lengths, schedules)
def test_transitions_chain(data, steps, schedule):
    scheduler = NoiseScheduler(steps, schedule, device="cpu", dtype=torch.float64)
    later = data.draw(st.integers(1, steps))
    earlier = data.draw(st.integers(0, later - 1))
    kept, noised = scheduler.transition(torch.tensor([earlier]), torch.tensor([later]))
    torch.testing.assert_close(kept, (1 - scheduler.betas[earlier:later]).prod().view(1), rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(kept + noised, torch.ones_like(kept))


def test_tables_are_made_where_they_are_told():
    with samedevice.virtual("cuda", count=2):
        scheduler = NoiseScheduler(device=torch.device("cuda:1"))
        assert {str(scheduler.alpha_bars.device), str(scheduler.noise_bars.device)} == {"cuda:1"}
        with torch.device("cuda:0"):
            assert str(NoiseScheduler().device) == "cuda:0"
            assert str(NoiseScheduler(device="cpu").device) == "cpu"


def test_to_moves_every_tensor_and_returns_the_scheduler():
    scheduler = NoiseScheduler(8, "cosine", device="cpu")
    expected = scheduler.alpha_bars.clone()
    with samedevice.virtual("mps"):
        assert scheduler.to("mps") is scheduler
        assert {str(value.device) for value in vars(scheduler).values() if isinstance(value, torch.Tensor)} == {"mps:0"}
        kept, noised = scheduler.survival(torch.tensor([0, 8], device="mps"))
        assert (kept.tolist(), noised.tolist()) == ([1, 0], [0, 1])
        assert torch.equal(scheduler.to("cpu").alpha_bars, expected)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"schedule": "cosin"}, "schedule 'cosin' is unknown: choose one of linear, cosine"),
        ({"num_timesteps": 0}, "num_timesteps is 0: give at least 1"),
    ],
)
def test_bad_words(words, message):
    with pytest.raises(ValueError, match=message):
        NoiseScheduler(**words)

import pytest
import torch

from samedevice.models.diffusion.configuration_diffusion import CORRUPTIONS
from samedevice.models.diffusion.noise_schedule import SCHEDULES
from samedevice.models.diffusion.posterior import clean_log_probs, known_log_probs, posterior_log_probs

SIZE, STEPS, MASK = 5, 4, 4
every_kind = pytest.mark.parametrize(("corruption", "schedule"), [(c, s) for c in CORRUPTIONS for s in SCHEDULES])
every_stride = pytest.mark.parametrize(("earlier", "later"), [(s, t) for t in range(1, STEPS + 1) for s in range(t)])


@pytest.fixture
def corruptor(make, corruption, schedule):
    sizes = {"vocab_size": SIZE, "mask_token_id": MASK, "num_timesteps": STEPS}
    return make(torch.float64, corruption=corruption, schedule=schedule, **sizes)[1]


@every_kind
@every_stride
def test_the_true_posterior_is_bayes(corruptor, reference, earlier, later):
    matrices = reference(corruptor)
    reached = matrices.between(0, later)
    for clean in range(MASK):
        for noisy in reached[clean].nonzero().flatten().tolist():
            expected = matrices.joint(earlier, later, noisy)[clean] / reached[clean, noisy]
            known = known_log_probs(corruptor, torch.tensor([[clean]]))
            times = torch.tensor([later]), torch.tensor([earlier])
            found = posterior_log_probs(corruptor, torch.tensor([[noisy]]), known, *times).exp()[0, 0]
            torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-13)


@every_kind
@every_stride
def test_the_models_step_back_sums_over_clean_texts(corruptor, reference, earlier, later):
    matrices = reference(corruptor)
    logits = torch.randn((1, 1, SIZE), dtype=torch.float64, generator=torch.Generator().manual_seed(later))
    guess = logits[0, 0].clone()
    guess[MASK] = -torch.inf
    for noisy in range(SIZE):
        weighted = guess.softmax(-1) @ matrices.joint(earlier, later, noisy)
        if weighted.sum() == 0:  # never reached from any clean text
            continue
        clean = clean_log_probs(corruptor, logits)
        times = torch.tensor([later]), torch.tensor([earlier])
        found = posterior_log_probs(corruptor, torch.tensor([[noisy]]), clean, *times).exp()[0, 0]
        torch.testing.assert_close(found, weighted / weighted.sum(), rtol=1e-10, atol=1e-13)


@every_kind
def test_one_step_is_the_default(corruptor):
    noisy, times = torch.tensor([[1, 2, 3]]), torch.tensor([3])
    clean = clean_log_probs(corruptor, torch.randn((1, 3, SIZE), generator=torch.Generator().manual_seed(0)))
    stated = posterior_log_probs(corruptor, noisy, clean, times, torch.tensor([2]))
    assert torch.equal(posterior_log_probs(corruptor, noisy, clean, times), stated)


@every_kind
def test_clean_text_holds_no_mask(corruptor):
    clean = clean_log_probs(corruptor, torch.randn((2, 3, SIZE)))
    assert (clean[..., MASK] == -torch.inf).all()
    torch.testing.assert_close(clean.exp().sum(-1), torch.ones(2, 3))
    assert clean_log_probs(corruptor, torch.zeros((1, 1, SIZE), dtype=torch.bfloat16)).dtype is torch.float32


@every_kind
@pytest.mark.parametrize("later", range(1, STEPS + 1))
def test_gradients_are_finite_where_probabilities_are_zero(corruptor, later):
    logits = torch.zeros((1, SIZE, SIZE), dtype=torch.float64, requires_grad=True)
    noisy = torch.arange(SIZE)[None] if corruptor.config.corruption == "absorbing" else torch.tensor([[1, 2, 3, 1, 2]])
    found = posterior_log_probs(corruptor, noisy, clean_log_probs(corruptor, logits), torch.tensor([later]))
    found.where(found > -torch.inf, 0).sum().backward()
    assert logits.grad.isfinite().all()

"""The bound against the likelihood itself: two tokens, two positions, every trajectory counted, in float64."""

import itertools

import pytest
import torch

from samedevice.models.diffusion.bound import denoising_loss, loss_at, random_timesteps, variational_terms
from samedevice.models.diffusion.configuration_diffusion import CORRUPTIONS
from samedevice.models.diffusion.noise_schedule import SCHEDULES
from samedevice.models.diffusion.posterior import clean_log_probs, posterior_log_probs

STEPS, MASK = 3, 2
TEXTS = torch.tensor(list(itertools.product(range(2), repeat=2)))
every_kind = pytest.mark.parametrize(("corruption", "schedule"), [(c, s) for c in CORRUPTIONS for s in SCHEDULES])


@pytest.fixture
def toy(make, corruption, schedule):
    sizes = {"vocab_size": 3, "mask_token_id": MASK, "pad_token_id": None, "num_timesteps": STEPS}
    return make(torch.float64, corruption=corruption, schedule=schedule, **sizes)


def states(corruptor):
    """Every noisy text of two positions."""
    tokens = range(3 if corruptor.config.corruption == "absorbing" else 2)
    return torch.tensor(list(itertools.product(tokens, repeat=2)))


def both_positions(single, before, after):
    """From probabilities of one position, [V,V] or per state [N,2,V], those of a text: [N,M]."""
    if single.dim() == 2:
        return single[before[:, None, 0], after[None, :, 0]] * single[before[:, None, 1], after[None, :, 1]]
    rows = torch.arange(len(before))[:, None]
    return single[rows, 0, after[None, :, 0]] * single[rows, 1, after[None, :, 1]]


@torch.no_grad()
def backward_matrix(model, corruptor, t):
    """p(x_t-1 | x_t) for all states [N,N]."""
    noisy = states(corruptor)
    times = torch.full((len(noisy),), t)
    guess = clean_log_probs(corruptor, model(input_ids=noisy, timesteps=times).logits)
    single = posterior_log_probs(corruptor, noisy, guess, times).exp()
    return both_positions(single, noisy, noisy)


def likelihood(model, corruptor):
    """p(x_0) of all states: pure noise, and every way from there, summed."""
    noise = corruptor.noise_probs[states(corruptor)].prod(-1)
    for t in range(STEPS, 0, -1):
        noise = noise @ backward_matrix(model, corruptor, t)
    return noise


def trajectory_bound(model, corruptor, matrices, text):
    """E_q[log q(x_1..T | x_0) - log p(x_0..T)], trajectory by trajectory."""
    noisy = states(corruptor)
    forward = [both_positions(matrices.step(t), noisy, noisy) for t in range(1, STEPS + 1)]
    backward = [backward_matrix(model, corruptor, t) for t in range(1, STEPS + 1)]
    noise = corruptor.noise_probs[noisy].prod(-1)
    (start,) = (noisy == text).all(-1).nonzero().flatten().tolist()
    # Every (x_1, x_2, x_3) at once: [N,N,N].
    q = forward[0][start][:, None, None] * forward[1][:, :, None] * forward[2][None]
    p = backward[0][:, start][:, None, None] * backward[1].T[:, :, None] * backward[2].T[None] * noise
    happens = q > 0
    return (q[happens] * (q[happens].log() - p[happens].log())).sum()


@torch.no_grad()
def exact_bound(model, corruptor, text):
    """The sum over all t, and over all x_t with their probability, of this package's terms."""
    noisy = states(corruptor)
    total = torch.zeros((), dtype=torch.float64)
    for t in range(1, STEPS + 1):
        times = torch.full((len(noisy),), t)
        marginal = corruptor.marginal(text[None], times[:1])[0]
        weights = marginal[0, noisy[:, 0]] * marginal[1, noisy[:, 1]]
        logits = model(input_ids=noisy, timesteps=times).logits
        terms = variational_terms(corruptor, logits, text.expand_as(noisy), noisy, times).sum(-1)
        total += (weights * terms.where(weights > 0, 0)).sum()
    return total


@every_kind
@pytest.mark.parametrize("text", TEXTS, ids=str)
def test_the_bound_is_that_of_all_trajectories(toy, reference, text):
    model, corruptor = toy
    expected = trajectory_bound(model, corruptor, reference(corruptor), text)
    torch.testing.assert_close(exact_bound(model, corruptor, text), expected, rtol=1e-10, atol=1e-12)


@every_kind
def test_no_text_is_less_likely_than_its_bound(toy):
    model, corruptor = toy
    probabilities = likelihood(model, corruptor)
    torch.testing.assert_close(probabilities.sum().item(), 1.0)
    for text in TEXTS:
        (place,) = (states(corruptor) == text).all(-1).nonzero().flatten().tolist()
        surprise = -probabilities[place].log()
        bound = exact_bound(model, corruptor, text)
        assert surprise < bound < 2 * surprise + 1, text


@every_kind
def test_the_estimate_is_without_bias(toy):
    model, corruptor = toy
    text = torch.tensor([1, 0])
    many = text.expand(6000, -1)
    with torch.no_grad():
        generator = torch.Generator().manual_seed(5)
        estimates = [denoising_loss(model, corruptor, many, generator=generator).bound for _ in range(2)]
    expected = exact_bound(model, corruptor, text) / 2
    torch.testing.assert_close(torch.stack(estimates).mean(), expected, rtol=0.03, atol=0)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_absorbing_terms_are_a_weighted_cross_entropy(make, schedule):
    # Austin et al. 2021, appendix A.3: masked tokens count (alpha_t-1 - alpha_t) / (1 - alpha_t), others not at all.
    model, corruptor = make(torch.float64, schedule=schedule, num_timesteps=8)
    clean = torch.randint(3, 259, (8, 12), generator=torch.Generator().manual_seed(0))
    times = torch.arange(1, 9)
    noisy = corruptor.corrupt(clean, times, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        logits = model(input_ids=noisy, timesteps=times).logits
        found = variational_terms(corruptor, logits, clean, noisy, times)
        guesses = torch.nn.functional.cross_entropy(
            logits[..., :MASK_ID].flatten(0, 1), clean.flatten(), reduction="none"
        ).view_as(found)
    survived = corruptor.scheduler.alpha_bars
    weights = (survived[:-1] - survived[1:]) / (1 - survived[1:])
    torch.testing.assert_close(found, weights[:, None] * guesses * (noisy == MASK_ID), rtol=1e-9, atol=1e-12)


MASK_ID = 259


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_padding_does_not_count(make, ids, corruption):
    model, corruptor = make(corruption=corruption, num_timesteps=4)
    mask = (ids != 0).long()
    times = torch.tensor([1, 3, 4])
    noisy = corruptor.corrupt(ids, times, mask, torch.Generator().manual_seed(0))
    other = [texts.masked_fill(mask == 0, 77) for texts in (ids, noisy)]
    plain = loss_at(model, corruptor, (ids, noisy), times, mask)
    changed = loss_at(model, corruptor, tuple(other), times, mask)
    for name in ("total", "bound", "cross_entropy"):
        torch.testing.assert_close(getattr(changed, name), getattr(plain, name))
    plain.total.backward()
    assert all(parameter.grad.isfinite().all() for parameter in model.parameters())


def test_the_total_adds_the_auxiliary_loss(make, ids):
    model, corruptor = make(num_timesteps=4)
    found = denoising_loss(model, corruptor, ids, generator=torch.Generator().manual_seed(0), auxiliary_weight=0.5)
    torch.testing.assert_close(found.total.detach(), found.bound + 0.5 * found.cross_entropy)
    assert found.total.requires_grad
    assert not found.bound.requires_grad


@pytest.mark.parametrize("stratified", [False, True])
def test_timesteps_are_uniform_from_one_to_the_last(make, stratified):
    corruptor = make(num_timesteps=8)[1]
    generator = torch.Generator().manual_seed(0)
    drawn = torch.stack([random_timesteps(corruptor, 8, generator, stratified=stratified) for _ in range(2000)])
    counts = torch.bincount(drawn.flatten(), minlength=9)
    assert counts[0] == 0
    assert (counts[1:] / drawn.numel() - 1 / 8).abs().max() < 0.01
    assert all(set(row.tolist()) == set(range(1, 9)) for row in drawn) is stratified


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_logits_are_scored_in_single(make, ids, dtype):
    model, corruptor = make()
    with torch.no_grad():
        generators = (torch.Generator().manual_seed(0) for _ in range(2))
        expected, found = (
            denoising_loss(one, corruptor, ids, generator=next(generators)) for one in (model, model.to(dtype))
        )
    assert found.total.dtype is torch.float32
    torch.testing.assert_close(found.total, expected.total, rtol=0.1, atol=0)

import pytest
import torch
from scipy.stats import chisquare
from torch.nn.functional import one_hot
from transformers.modeling_outputs import MaskedLMOutput

import samedevice
from samedevice.models.diffusion import denoise, ensure_device_compatibility, generate
from samedevice.models.diffusion.configuration_diffusion import CORRUPTIONS
from samedevice.models.diffusion.noise_schedule import SCHEDULES
from samedevice.models.diffusion.sampling import token_change_rate

MASK, STEPS = 259, 8
every_kind = pytest.mark.parametrize(("corruption", "schedule"), [(c, s) for c in CORRUPTIONS for s in SCHEDULES])


def seeded(place="cpu"):
    return torch.Generator(device=place).manual_seed(11)


@pytest.fixture
def text():
    return torch.randint(3, 259, (2, 30), generator=torch.Generator().manual_seed(2))


@pytest.fixture
def pair(make, corruption, schedule):
    return make(corruption=corruption, schedule=schedule, num_timesteps=STEPS)


def oracle(text):
    """A model that knows the clean text."""

    def answer(input_ids, timesteps, attention_mask):
        return MaskedLMOutput(logits=100.0 * one_hot(text, 260).float())

    return answer


@every_kind
@pytest.mark.parametrize("num_steps", [None, 1, 3])
def test_who_knows_the_text_restores_it(pair, text, num_steps):
    noisy = pair[1].corrupt(text, torch.full((2,), 5), generator=seeded())
    assert 0.1 < token_change_rate(text, noisy) < 0.9
    found = denoise(oracle(text), pair[1], noisy, 5, generator=seeded(), num_steps=num_steps)
    assert torch.equal(found.ids, text)
    assert found.change_rate == token_change_rate(text, noisy)


@every_kind
def test_from_pure_noise(pair):
    found = generate(*pair, (3, 40), generator=seeded())
    assert found.ids.shape == (3, 40)
    assert not (found.ids == MASK).any()
    assert 0.9 < found.change_rate <= 1
    assert found.change_rate == 1 or pair[1].config.corruption == "uniform"
    assert torch.equal(generate(*pair, (3, 40), generator=seeded()).ids, found.ids)
    other = generate(*pair, (3, 40), generator=torch.Generator().manual_seed(12))
    assert not torch.equal(other.ids, found.ids)


@every_kind
def test_one_long_step_draws_from_the_models_prediction(pair):
    shares = torch.tensor([0.5, 0.3, 0.15, 0.05])
    logits = torch.full((260,), -torch.inf)
    logits[10:14] = shares.log()

    def answer(input_ids, timesteps, attention_mask):
        return MaskedLMOutput(logits=logits.expand(*input_ids.shape, -1))

    found = generate(answer, pair[1], (40, 200), seeded(), num_steps=1)
    counts = torch.bincount(found.ids.flatten(), minlength=260)
    assert counts.sum() == counts[10:14].sum() == 8000
    assert chisquare(counts[10:14], shares.double() / shares.double().sum() * 8000).pvalue > 0.001


def test_absorbing_keeps_what_was_not_masked(make, text):
    model, corruptor = make(num_timesteps=STEPS)
    noisy = corruptor.corrupt(text, torch.full((2,), 4), generator=seeded())
    found = denoise(model, corruptor, noisy, 4, generator=seeded())
    assert torch.equal(found.ids != noisy, noisy == MASK)


@every_kind
def test_padding_is_left_alone(pair, text):
    text[0, :5] = 0
    mask = (text != 0).long()
    noisy = pair[1].corrupt(text, torch.full((2,), STEPS), mask, seeded())
    noisy[0, :5] = 77  # the mask says what is padding, not the id
    found = denoise(*pair, noisy, STEPS, mask, generator=seeded())
    assert (found.ids[0, :5] == 77).all()
    assert not (found.ids == MASK).any()
    assert found.is_text.sum() == 55


@every_kind
@pytest.mark.parametrize("place", ["cuda:1", "mps:0"])
def test_one_cpu_generator_gives_one_text_on_every_device(pair, text, place):
    model, corruptor = pair
    noisy = corruptor.corrupt(text, torch.full((2,), 5), generator=seeded())
    expected = [denoise(*pair, noisy, 5, generator=seeded()), generate(*pair, (2, 9), seeded(), num_steps=4)]
    with samedevice.virtual("mps") if place == "mps:0" else samedevice.virtual("cuda", count=2):
        ensure_device_compatibility(model.to(place), corruptor)
        again = corruptor.corrupt(text.to(place), torch.full((2,), 5, device=place), generator=seeded())
        assert torch.equal(again.cpu(), noisy)
        found = [denoise(*pair, again, 5, generator=seeded()), generate(*pair, (2, 9), seeded(), num_steps=4)]
        assert {str(one.ids.device) for one in found} == {place}
        assert all(torch.equal(a.ids.cpu(), b.ids) for a, b in zip(found, expected, strict=True))
        own = [generate(*pair, (2, 9), seeded(place)).ids.cpu() for _ in range(2)]
        assert torch.equal(*own)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"timestep": 0}, "timestep is 0: give one of 1 to 8"),
        ({"timestep": 9}, "timestep is 9: give one of 1 to 8"),
        ({"timestep": 4, "num_steps": 5}, "num_steps is 5: give one of 1 to 4"),
        ({"timestep": 4, "num_steps": 0}, "num_steps is 0: give one of 1 to 4"),
    ],
)
def test_bad_words(make, text, words, message):
    with pytest.raises(ValueError, match=message):
        denoise(*make(num_timesteps=STEPS), text, **words)


def test_mask_tokens_are_no_uniform_noise(make):
    pair = make(corruption="uniform", num_timesteps=STEPS)
    with pytest.raises(ValueError, match="the text holds mask tokens, which uniform corruption never makes"):
        denoise(*pair, torch.tensor([[5, MASK]]), 2)


def test_change_rate():
    before, after = torch.tensor([[1, 2, 3, 4]]), torch.tensor([[1, 9, 9, 9]])
    assert token_change_rate(before, after) == 0.75
    assert token_change_rate(before, after, torch.tensor([[True, True, False, False]])) == 0.5
    assert token_change_rate(before, after, torch.zeros(1, 4, dtype=torch.bool)) == 0

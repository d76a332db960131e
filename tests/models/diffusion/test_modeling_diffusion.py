import copy

import pytest
import torch
from transformers import AutoConfig, AutoModel, AutoModelForMaskedLM

import samedevice
from samedevice.models.diffusion import (
    BijectiveDiffusionConfig,
    BijectiveDiffusionForDenoising,
    BijectiveDiffusionModel,
)
from samedevice.models.diffusion.bound import loss_at


@pytest.fixture
def batch(ids):
    return {"input_ids": ids, "timesteps": torch.tensor([1, 30, 64]), "attention_mask": (ids != 0).long()}


def logits(model, batch):
    with torch.no_grad():
        return model(**batch).logits


def test_the_default_size_is_thirteen_million():
    with torch.device("meta"):
        model = BijectiveDiffusionForDenoising(BijectiveDiffusionConfig())
    assert model.num_parameters() == 13_182_336


def test_save_and_load(make, batch, tmp_path):
    model, _ = make(corruption="uniform", schedule="cosine")
    model.save_pretrained(tmp_path)
    saved, own = AutoConfig.from_pretrained(tmp_path).to_dict(), model.config.to_dict()
    assert {**saved, "_name_or_path": ""} == {**own, "_name_or_path": ""}
    loaded, info = AutoModelForMaskedLM.from_pretrained(tmp_path, output_loading_info=True)
    assert type(loaded) is BijectiveDiffusionForDenoising
    assert not any(info.values())
    assert torch.equal(logits(loaded, batch), logits(model, batch))
    bare = AutoModel.from_pretrained(tmp_path)
    assert type(bare) is BijectiveDiffusionModel
    with torch.no_grad():
        assert torch.equal(bare(**batch)[0], model.trunk(**batch)[0])
    assert AutoModelForMaskedLM.from_pretrained(tmp_path, dtype=torch.bfloat16).dtype is torch.bfloat16


@pytest.mark.parametrize("side", ["left", "right"])
def test_padding_does_not_change_real_tokens(make, side):
    model, _ = make()
    real = torch.randint(3, 259, (1, 6), generator=torch.Generator().manual_seed(0))
    before, after = (4, 0) if side == "left" else (0, 4)
    padded = torch.nn.functional.pad(real, (before, after), value=9)
    mask = torch.nn.functional.pad(torch.ones_like(real), (before, after))
    times = torch.tensor([20])
    plain = logits(model, {"input_ids": real, "timesteps": times})
    found = logits(model, {"input_ids": padded, "timesteps": times, "attention_mask": mask})
    torch.testing.assert_close(found[:, before : before + 6], plain, rtol=1e-4, atol=1e-4)


def test_time_matters_and_defaults_to_almost_clean(make, batch):
    model, _ = make()
    early, late = (logits(model, {**batch, "timesteps": torch.full((3,), t)}) for t in (1, 60))
    assert (early - late).abs().max() > 0.01
    assert torch.equal(logits(model, {**batch, "timesteps": None}), early)


@pytest.mark.parametrize("kernel_size", [1, 5])
def test_order_matters_to_attention_and_to_filters(make, kernel_size):
    model, _ = make(kernel_size=kernel_size)
    text = torch.tensor([[5, 6, 7, 8, 9]])
    found = logits(model, {"input_ids": text})
    assert (found - logits(model, {"input_ids": text.flip(-1)}).flip(1)).abs().max() > 0.01


def test_embeddings_can_be_given(make, batch):
    model, _ = make()
    embeds = model.get_input_embeddings()(batch["input_ids"])
    with torch.no_grad():
        found = model(inputs_embeds=embeds, timesteps=batch["timesteps"], attention_mask=batch["attention_mask"])
    assert torch.equal(found.logits, logits(model, batch))
    with pytest.raises(ValueError, match="pass exactly one of them"):
        model(**batch, inputs_embeds=embeds)
    with pytest.raises(ValueError, match="pass exactly one of them"):
        model(timesteps=batch["timesteps"])


def test_labels_give_the_cross_entropy(make, batch):
    model, _ = make()
    labels = batch["input_ids"].masked_fill(batch["attention_mask"] == 0, -100)
    with torch.no_grad():
        found = model(**batch, labels=labels)
    real = labels != -100
    expected = torch.nn.functional.cross_entropy(found.logits[real], labels[real])
    torch.testing.assert_close(found.loss, expected)


def gradients(model, corruptor, batch):
    model.zero_grad()
    texts = batch["input_ids"], batch["input_ids"].masked_fill(torch.arange(10) % 3 == 0, 259)
    loss_at(model, corruptor, texts, batch["timesteps"], batch["attention_mask"]).total.backward()
    return {name: parameter.grad.clone() for name, parameter in model.named_parameters()}


def test_every_parameter_receives_a_gradient(make, batch):
    for name, gradient in gradients(*make(), batch).items():
        assert gradient.isfinite().all(), name
        assert gradient.abs().max() > 0, name


@pytest.mark.parametrize("use_reentrant", [False, True])
def test_gradient_checkpointing_changes_no_gradient(make, batch, use_reentrant):
    model, corruptor = make()
    model.train()
    plain = gradients(model, corruptor, batch)
    model.activation_checkpointing_enable({"use_reentrant": use_reentrant})
    assert all(block.gradient_checkpointing for block in model.trunk.blocks)
    for name, gradient in gradients(model, corruptor, batch).items():
        torch.testing.assert_close(gradient, plain[name], rtol=1e-5, atol=1e-7, msg=name)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float64])
def test_other_dtypes(make, batch, dtype):
    model, _ = make()
    expected = logits(model, batch)
    found = logits(copy.deepcopy(model).to(dtype), batch)
    assert found.dtype is dtype
    torch.testing.assert_close(found.float(), expected, rtol=0, atol=0.5 if dtype is torch.bfloat16 else 0.1)


def test_resizing_the_vocabulary(make):
    model, _ = make()
    model.resize_token_embeddings(300)
    assert model.config.vocab_size == 300
    assert model(input_ids=torch.tensor([[299]])).logits.shape == (1, 1, 300)


@pytest.mark.parametrize("place", ["cuda:0", "cuda:1", "mps"])
def test_virtual_devices_compute_what_the_cpu_computes(make, batch, place):
    model, _ = make()
    expected = logits(model, batch)
    with samedevice.virtual("mps") if place == "mps" else samedevice.virtual("cuda", count=2):
        found = logits(model.to(place), {name: value.to(place) for name, value in batch.items()})
        assert str(found.device).startswith(place)
        assert torch.equal(found.cpu(), expected)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hidden_size": 34}, "hidden_size 34 must be a multiple of 4 times num_attention_heads 6"),
        ({"mask_token_id": 260}, "mask_token_id 260 is outside the vocabulary: give one of 0 to 259"),
        ({"pad_token_id": -1}, "pad_token_id -1 is outside the vocabulary"),
        ({"pad_token_id": 259}, "mask_token_id and pad_token_id are both 259: give two different ids"),
        ({"num_timesteps": 0}, "num_timesteps is 0: give at least 1"),
        ({"kernel_size": 4}, "kernel_size is 4: give an odd number"),
        ({"schedule": "sigmoid"}, "schedule 'sigmoid' is unknown: choose one of linear, cosine"),
        ({"corruption": "gaussian"}, "corruption 'gaussian' is unknown: choose one of absorbing, uniform"),
    ],
)
def test_what_cannot_be_built_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        BijectiveDiffusionConfig(**options)

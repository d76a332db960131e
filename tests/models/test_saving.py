import copy

import pytest
import torch
from transformers import AutoModelForCausalLM

from samedevice.models import MathReasonerForCausalLM
from samedevice.models.backbones import BACKBONES
from samedevice.models.encodings import ENCODINGS

every_pair = pytest.mark.parametrize(("name", "backbone"), [(n, b) for n in ENCODINGS for b in BACKBONES])


def disturbed(model):
    """Every number of the state changed, so that a fresh initialisation cannot pass for a loaded one."""
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.rand(parameter.shape, generator=generator) * 0.05)
        for key, buffer in model.named_buffers():
            assert key == "position_encoding.token_classes"
            buffer.copy_(buffer.roll(1))
    return model


def assert_equal_models(actual, expected, batch):
    states = actual.state_dict(), expected.state_dict()
    assert set(states[0]) == set(states[1])
    assert all(torch.equal(states[0][key], states[1][key]) for key in states[1])
    with torch.no_grad():
        assert torch.equal(actual(**batch).logits, expected(**batch).logits)


@every_pair
def test_save_and_load(name, backbone, reasoner, batch, tmp_path):
    model = disturbed(reasoner(name, backbone))
    model.save_pretrained(tmp_path)
    loaded, info = AutoModelForCausalLM.from_pretrained(tmp_path, output_loading_info=True)
    assert type(loaded) is MathReasonerForCausalLM
    assert not any(info.values())
    assert_equal_models(loaded, model, batch)
    options = {"max_new_tokens": 4, "do_sample": False}
    assert torch.equal(loaded.generate(**batch, **options), model.generate(**batch, **options))


@every_pair
def test_deepcopy_and_moves(name, backbone, reasoner, batch):
    model = disturbed(reasoner(name, backbone))
    duplicate = copy.deepcopy(model)
    assert_equal_models(duplicate, model, batch)
    assert_equal_models(duplicate.to(torch.float64).to(torch.float32), model, batch)
    assert all(tensor.is_meta for tensor in (*duplicate.to("meta").parameters(), *duplicate.buffers()))


@pytest.mark.parametrize("backbone", BACKBONES)
def test_tied_weights_stay_tied(backbone, reasoner, tmp_path):
    model = reasoner("rope", backbone)
    model.save_pretrained(tmp_path)
    for twin in (model, copy.deepcopy(model), AutoModelForCausalLM.from_pretrained(tmp_path)):
        tied = twin.get_input_embeddings().weight is twin.get_output_embeddings().weight
        assert tied is (backbone == "gpt2")


@every_pair
@pytest.mark.parametrize("on_disk", ["1", "position_encoding"], ids=["last-layer", "encoding"])
def test_device_map_with_a_part_on_disk(name, backbone, on_disk, reasoner, batch, tmp_path):
    model = disturbed(reasoner(name, backbone))
    model.save_pretrained(tmp_path / "model")
    # Leaves and whole layers: a map that names both a module and its child is refused by stock models too.
    layers = {"gpt2": "backbone.transformer.h", "gpt_neox": "backbone.gpt_neox.layers"}[backbone]
    trunk = layers.rpartition(".")[0]
    beside = [f"{trunk}.{key}" for key, _ in model.get_submodule(trunk).named_children()]
    parts = {*beside, f"{layers}.0", f"{layers}.1", "backbone.lm_head", "position_encoding"} - {layers}
    device_map = {part: "disk" if part.endswith(on_disk) else "cpu" for part in parts}
    spread = AutoModelForCausalLM.from_pretrained(
        tmp_path / "model", device_map=device_map, offload_folder=tmp_path / "offload"
    )
    with torch.no_grad():
        torch.testing.assert_close(spread(**batch).logits, model(**batch).logits)


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_missing_encoding_is_initialised_and_reported(name, reasoner, tmp_path):
    model = disturbed(reasoner(name))
    kept = {key: value for key, value in model.state_dict().items() if not key.startswith("position_encoding.")}
    model.save_pretrained(tmp_path, state_dict=kept)
    loaded, info = AutoModelForCausalLM.from_pretrained(tmp_path, output_loading_info=True)
    lost = {key for key in model.state_dict() if key.startswith("position_encoding.")}
    assert set(info["missing_keys"]) == lost
    fresh = ENCODINGS[name].build(hidden_size=64, num_heads=4, options=model.config.encoding_options).state_dict()
    for key, value in loaded.position_encoding.state_dict().items():
        if fresh[key].unique().numel() < 10:  # a constant start, or a table of classes
            assert torch.equal(value, fresh[key]), key
        else:
            torch.testing.assert_close(value.std(), fresh[key].std(), rtol=0.3, atol=0)


def test_what_a_checkpoint_holds_is_kept_where_it_lacks_the_rest(reasoner, tmp_path):
    model = disturbed(reasoner("math_adaptive"))
    kept = {key: value for key, value in model.state_dict().items() if key != "position_encoding.scale"}
    assert "position_encoding.token_classes" in kept
    # save_pretrained empties the dictionary that it is given.
    model.save_pretrained(tmp_path, state_dict=dict(kept))
    loaded = AutoModelForCausalLM.from_pretrained(tmp_path)
    assert loaded.position_encoding.scale.item() == 1.0
    assert all(torch.equal(value, loaded.state_dict()[key]) for key, value in kept.items())


def test_sixteen_bit_load(reasoner, batch, tmp_path):
    reasoner("alibi").save_pretrained(tmp_path)
    loaded = AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.bfloat16)
    assert {parameter.dtype for parameter in loaded.parameters()} == {torch.bfloat16}
    assert loaded(**batch).logits.isfinite().all()


@pytest.mark.parametrize("backbone", BACKBONES)
def test_resizing_the_vocabulary(backbone, reasoner):
    model = reasoner("rope", backbone)
    model.resize_token_embeddings(300)
    assert model.config.vocab_size == 300
    assert model(input_ids=torch.tensor([[299]])).logits.shape == (1, 1, 300)

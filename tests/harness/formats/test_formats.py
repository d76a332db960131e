"""Every format: written and read by its own library, it gives back what was saved."""

import json

import pytest
import safetensors.torch
import torch
from huggingface_hub import PyTorchModelHubMixin
from peft import LoraConfig, get_peft_model
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel

from samedevice.harness.formats import FORMATS, Origin, named, natural
from samedevice.harness.roundtrip.bits import same
from samedevice.harness.roundtrip.quiet import quiet


class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear, self.norm = nn.Linear(3, 2), nn.BatchNorm1d(2)


class Mixed(Plain, PyTorchModelHubMixin):
    pass


def gpt2():
    return GPT2LMHeadModel(GPT2Config(n_layer=1, n_embd=8, n_head=2, vocab_size=32, n_positions=8))


def adapted():
    return get_peft_model(Plain(), LoraConfig(target_modules=["linear"], init_lora_weights=False))


MAKERS = {"plain": Plain, "mixin": Mixed, "transformers": gpt2, "peft": adapted}


@pytest.mark.parametrize(
    ("maker", "expected"),
    [("plain", "state_dict"), ("mixin", "mixin"), ("transformers", "pretrained"), ("peft", "adapter")],
)
def test_the_natural_format_is_that_of_the_models_library(maker, expected):
    assert natural(MAKERS[maker]()).name == expected


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("fmt", FORMATS, ids=lambda fmt: fmt.name)
def test_what_is_saved_comes_back(fmt, maker, tmp_path):
    model = MAKERS[maker]()
    if not fmt.applies(model):
        pytest.skip(f"{fmt.name} does not take it")
    with quiet():
        fmt.save(model, tmp_path)
        again = fmt.load(tmp_path, Origin(cls=type(model), fresh=MAKERS[maker]), "cpu")
    before, after = model.state_dict(), again.state_dict()
    assert before.keys() == after.keys()
    lost = [key for key in before if not same(before[key], after[key])]
    if fmt.name == "adapter":  # a new base model: what is frozen comes from the side
        lost = [key for key in lost if "lora" in key]
    assert lost == []


def test_shards_and_their_index_are_written(tmp_path):
    with quiet():
        named("sharded").save(gpt2(), tmp_path)
    index = json.loads((tmp_path / "model.safetensors.index.json").read_text())
    files = set(index["weight_map"].values())
    assert len(files) > 1
    assert {path.name for path in tmp_path.glob("*.safetensors")} == files


def test_safetensors_own_reader_finds_the_tensors(tmp_path):
    model = Plain()
    named("safetensors").save(model, tmp_path)
    found = safetensors.torch.load_file(tmp_path / "model.safetensors")
    assert found.keys() == model.state_dict().keys()
    assert all(same(found[key], value) for key, value in model.state_dict().items())


def test_a_strict_load_refuses_another_model(tmp_path):
    for name in ("state_dict", "safetensors"):
        named(name).save(Plain(), tmp_path)
        with pytest.raises(RuntimeError, match=r"[Mm]issing|Error"):
            named(name).load(tmp_path, Origin(cls=nn.Linear, fresh=lambda: nn.Linear(2, 2)), "cpu")


def test_names_are_told_apart_and_only_pickles_are_unsafe():
    assert len({fmt.name for fmt in FORMATS}) == len(FORMATS)
    assert [fmt.name for fmt in FORMATS if fmt.unsafe] == ["pickled"]
    with pytest.raises(KeyError):
        named("none of them")


def test_the_base_of_an_adapter_holds_no_adapter(tmp_path):
    with quiet():
        named("adapter").save(adapted(), tmp_path)
    assert not [name for name in torch.load(tmp_path / "base.pt", weights_only=True) if "lora" in name]


def test_a_type_that_borrows_another_ones_class_keeps_its_config(tmp_path):
    from transformers import IQuestCoderConfig, LlamaModel

    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1}
    model = LlamaModel(IQuestCoderConfig(**sizes, intermediate_size=8, vocab_size=16))
    fmt = natural(model)
    fmt.save(model, tmp_path)
    loaded = fmt.load(tmp_path, Origin(cls=LlamaModel, fresh=lambda: model), "cpu")
    assert type(LlamaModel.from_pretrained(tmp_path).config) is not IQuestCoderConfig  # what nobody who uses it does
    assert type(loaded.config) is IQuestCoderConfig
    assert loaded.config.to_dict() == model.config.to_dict() | {"_name_or_path": str(tmp_path)}

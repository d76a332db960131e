"""Adapters of PEFT, whole and not."""

import json

import pytest
import torch
from safetensors.torch import load_file, save_file

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")  # peft asks transformers by an old name


@pytest.fixture
def adapter(tiny, tmp_path):
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(r=2, target_modules=["c_attn"], fan_in_fan_out=True, modules_to_save=["ln_f"])
    get_peft_model(tiny, config).save_pretrained(tmp_path)
    return tmp_path


def rewrite(adapter, change):
    path = adapter / "adapter_model.safetensors"
    save_file(change(load_file(path)), path, {"format": "pt"})


def renamed(old, new):
    return lambda state: {key.replace(old, new): value for key, value in state.items()}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda state: {}, ("holds no tensor",)),
        (lambda state: {key: value for key, value in state.items() if "h.1.attn.c_attn.lora_B" not in key},
         ("only one of", "h.1.attn.c_attn.lora_A.weight")),
        (lambda state: {key: value for key, value in state.items() if "lora" not in key}, ("holds no `lora_A`",)),
        (lambda state: {key: value for key, value in state.items() if "ln_f" not in key}, ("modules_to_save", "ln_f")),
        (renamed("base_model.model.", ""), ("without one `base_model.model.`", "transformer.h.0")),
        (renamed("base_model.model.", "base_model.model." * 2), ("without one `base_model.model.`",)),
        (renamed("lora_A.weight", "lora_A.default.weight"), ("names the adapter in its keys", "lora_A.default")),
        (lambda state: {key: torch.ones(3, 16) if "h.0.attn.c_attn.lora_A" in key else value
                        for key, value in state.items()}, ("[3, 16]", "`r` 2")),
    ],
)  # fmt: skip
def test_tensors_that_do_not_fit(adapter, reported, change, words):
    rewrite(adapter, change)
    reported(adapter, "SD746", "adapter_model.safetensors", *words)


def test_a_config_without_weights_and_weights_without_a_config(adapter, reported):
    config = (adapter / "adapter_config.json").read_text()
    (adapter / "adapter_config.json").unlink()
    reported(adapter, "SD746", "adapter_config.json", "is missing")
    (adapter / "adapter_model.safetensors").unlink()
    (adapter / "adapter_config.json").write_text(config)
    reported(adapter, "SD746", "adapter_config.json", "adapter_model.safetensors")


def test_a_config_without_a_type(adapter, reported):
    config = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps({**config, "peft_type": None}))
    reported(adapter, "SD746", "adapter_config.json", "peft_type")


def test_a_target_without_tensors(adapter, reported):
    config = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps({**config, "target_modules": ["c_attn", "c_fc"]}))
    reported(adapter, "SD746", "adapter_model.safetensors", "`target_modules` `c_fc`")


def test_ranks_by_pattern_are_legal(adapter, problems):
    config = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps({**config, "r": 8, "rank_pattern": {"c_attn": 2}}))
    assert problems(adapter) == []


def test_a_prefix_of_compile(adapter, reported):
    rewrite(adapter, renamed("base_model.model.", "base_model.model._orig_mod."))
    reported(adapter, "SD750", "adapter_model.safetensors", "_orig_mod")

"""Two checkpoints in one folder: which is loaded, and whether they are the same."""

import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file


@pytest.fixture
def folder(tiny, tmp_path):
    tiny.save_pretrained(tmp_path)
    return tmp_path


def as_bin(folder, tiny, change=0.0):
    state = tiny.state_dict()
    state["transformer.wpe.weight"] = state["transformer.wpe.weight"] + change
    torch.save(state, folder / "pytorch_model.bin")


def test_a_stale_single_file_beats_new_shards(folder, tiny, reported):
    from transformers import GPT2LMHeadModel

    old = tiny.transformer.wpe.weight.detach().clone()
    with torch.no_grad():
        tiny.transformer.wpe.weight.add_(1.0)
    tiny.save_pretrained(folder, max_shard_size="20KB")
    assert GPT2LMHeadModel.from_pretrained(folder).transformer.wpe.weight.equal(old)  # without a word
    reported(folder, "SD706", "`model.safetensors` is loaded and `model.safetensors.index.json` is not", "wpe.weight")
    reported(folder, "SD706", "`model.safetensors` is loaded", "were not compared", values=False)


def test_a_stale_pickle_beside_safetensors(folder, tiny, reported):
    as_bin(folder, tiny, change=1.0)
    reported(folder, "SD706", "`pytorch_model.bin` is not", "the values differ in `transformer.wpe.weight`")


def test_the_same_values_twice_are_a_note(folder, tiny, problems, found):
    as_bin(folder, tiny)
    assert problems(folder) == []
    assert [(one.code, one.severity) for one in found(folder)] == [("SD706", "note")]


def test_other_tensors(folder, tiny, reported):
    state = tiny.state_dict()
    state["transformer.h.2.ln_1.weight"] = torch.ones(16)
    state["transformer.wte.weight"] = state["transformer.wte.weight"].half()
    torch.save(state, folder / "pytorch_model.bin")
    reported(folder, "SD706", "they hold other tensors", "transformer.h.2.ln_1.weight", "transformer.wte.weight")


def test_one_that_cannot_be_read(folder, reported):
    (folder / "model.safetensors.index.json").write_text('{"weight_map": {"a": "model-00001-of-00001.safetensors"}}')
    reported(folder, "SD706", "model.safetensors.index.json", "cannot be compared")


def test_a_variant_is_no_rival(folder, problems):
    half = {key: value.half() for key, value in load_file(folder / "model.safetensors").items()}
    save_file(half, folder / "model.fp16.safetensors", {"format": "pt"})
    assert problems(folder) == []


def test_two_files_of_one_variant_are_rivals(folder, tiny, reported):
    half = {key: value.half() for key, value in load_file(folder / "model.safetensors").items()}
    save_file(half, folder / "model.fp16.safetensors", {"format": "pt"})
    torch.save({key: value + 1 for key, value in half.items()}, folder / "pytorch_model.fp16.bin")
    reported(folder, "SD706", "`model.fp16.safetensors` is loaded", "`pytorch_model.fp16.bin` is not")


def adapter_state():
    half = "base_model.model.a.lora_"
    return {f"{half}A.weight": torch.ones(1, 2), f"{half}B.weight": torch.ones(2, 1)}


def test_a_model_beside_an_adapter_is_not_loaded(folder, reported):
    (folder / "adapter_config.json").write_text(json.dumps({"peft_type": "LORA", "base_model_name_or_path": "x"}))
    save_file(adapter_state(), folder / "adapter_model.safetensors")
    reported(folder, "SD706", "model.safetensors", "adapter_config.json")


def test_a_rival_adapter(tmp_path, reported):
    state = adapter_state()
    save_file(state, tmp_path / "adapter_model.safetensors")
    torch.save({key: value * 2 for key, value in state.items()}, tmp_path / "adapter_model.bin")
    shutil.copy(tmp_path / "adapter_model.bin", tmp_path / "other.bin")
    (tmp_path / "adapter_config.json").write_text(json.dumps({"peft_type": "LORA", "r": 1}))
    reported(tmp_path, "SD706", "adapter_model.bin", "lora_A")

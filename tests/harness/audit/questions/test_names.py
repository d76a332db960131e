"""Prefixes of wrappers, in the keys that the wrappers write."""

import pytest
import torch
from safetensors.torch import save_file
from torch import nn


def wrapped(kind):
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    if kind == "compile":
        return torch.compile(net, backend="eager")
    if kind == "inner compile":
        net[1] = torch.compile(net[1], backend="eager")
        return net
    if kind == "parallel":
        return nn.DataParallel(net)
    if kind == "both":
        return nn.DataParallel(torch.compile(net, backend="eager"))
    from torch.distributed.algorithms._checkpoint.checkpoint_wrapper import checkpoint_wrapper

    net[0] = checkpoint_wrapper(net[0])
    return net


@pytest.mark.parametrize(
    ("kind", "part"),
    [("compile", "_orig_mod"), ("inner compile", "_orig_mod"), ("parallel", "module"), ("both", "_orig_mod")],
)
@pytest.mark.parametrize("form", ["pt", "safetensors", "nested"])
def test_the_keys_of_a_wrapper(tmp_path, reported, kind, part, form):
    state = dict(wrapped(kind).state_dict())
    path = tmp_path / ("weights.safetensors" if form == "safetensors" else "weights.pt")
    if form == "safetensors":
        save_file(state, path)
    else:
        torch.save({"model": state, "epoch": 1} if form == "nested" else state, path)
    reported(path, "SD750", path.name, f"{part}.", "weight")


def test_activation_checkpointing_takes_its_prefix_off_itself(tmp_path, problems):
    torch.save(wrapped("checkpointing").state_dict(), tmp_path / "weights.pt")
    assert problems(tmp_path) == []


def test_a_prefix_left_of_fsdp(tmp_path, reported):
    save_file(
        {"layers.0._fsdp_wrapped_module.weight": torch.ones(2), "head": torch.ones(1)}, tmp_path / "w.safetensors"
    )
    reported(tmp_path, "SD750", "FullyShardedDataParallel", "layers.0._fsdp_wrapped_module.weight")


@pytest.mark.filterwarnings("ignore::FutureWarning")  # peft asks transformers by an old name
def test_an_adapter_saved_as_a_model(tmp_path, tiny, reported):
    from peft import LoraConfig, get_peft_model

    model = get_peft_model(tiny, LoraConfig(r=2, target_modules=["c_attn"], fan_in_fan_out=True))
    state = {key: value for key, value in model.state_dict().items() if "lm_head" not in key}
    save_file(state, tmp_path / "model.safetensors", {"format": "pt"})
    tiny.config.save_pretrained(tmp_path)
    reported(tmp_path, "SD750", "model.safetensors", "PEFT", "base_model.model.transformer")


@pytest.mark.parametrize("base", ["model.safetensors", "pytorch_model.bin"])
def test_in_a_file_that_from_pretrained_loads_it_is_an_error(tmp_path, tiny, found, base):
    state = {f"_orig_mod.{key}": value for key, value in tiny.state_dict().items() if key != "lm_head.weight"}
    if base.endswith("bin"):
        torch.save(state, tmp_path / base)
    else:
        save_file(state, tmp_path / base, {"format": "pt"})
    tiny.config.save_pretrained(tmp_path)
    assert [(one.code, one.severity) for one in found(tmp_path)] == [("SD750", "error")]
